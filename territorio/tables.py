"""Import this to have every table on the metadata: migrations, erasure and backup do."""

from territorio import (
    lavoro_schema,
    schema,
    schema_fatti,
    schema_persone,
    schema_pubblicazione,
    schema_pubblico,
    schema_ricerca,
    schema_statistiche,
    schema_tasselli,
)
from territorio.accessi import schema as accessi
from territorio.anagrafe import schema as anagrafe
from territorio.atti import schema as atti
from territorio.tributi import schema as tributi
from territorio.urbanistica import schema as urbanistica

metadata = schema.metadata
FATTI = schema.FATTI
STAGING = schema.STAGING
RIFERIMENTI = schema.RIFERIMENTI

MODULES = (
    accessi,
    anagrafe,
    atti,
    lavoro_schema,
    schema,
    schema_fatti,
    schema_persone,
    schema_pubblicazione,
    schema_pubblico,
    schema_ricerca,
    schema_statistiche,
    schema_tasselli,
    tributi,
    urbanistica,
)
"""The modules that declare tables."""
