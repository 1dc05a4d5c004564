"""The tests, one folder a room; stories at the top."""
