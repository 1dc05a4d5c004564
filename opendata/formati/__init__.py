"""The formats in which datasets leave, a module for each family."""
