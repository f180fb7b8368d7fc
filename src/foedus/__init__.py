"""foedus: collective security as a running system."""

__version__ = "0.1.0"
