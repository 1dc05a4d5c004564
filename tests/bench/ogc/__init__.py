"""The open doors, measured: beside their peers, and beside the best that PostGIS gives."""
