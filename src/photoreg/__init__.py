"""photoreg: the registry that decides and proves whether a photograph may be published."""

__version__ = "0.1.0"
