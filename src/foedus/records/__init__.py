"""The acts shipped for each organisation, one YAML file each, every act with its source.

Start at `csto.yaml`, whose head explains the rows; `load.py` reads them and refuses what it does not know.
The files are CC BY 4.0.
"""

from foedus.records.load import Coverage, Explained, Records, coverage, explained, load_records, read_records, shipped

__all__ = ["Coverage", "Explained", "Records", "coverage", "explained", "load_records", "read_records", "shipped"]
