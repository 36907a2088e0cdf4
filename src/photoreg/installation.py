"""How photoreg was installed, and so with which command a further library is."""

import sys
from pathlib import Path
from sysconfig import get_path


def install_command(requirement: str) -> str:
    """Return the command that installs a library where this photoreg finds it."""
    environment = Path(sys.prefix)
    if (environment / "pipx_metadata.json").exists():
        return f"pipx inject photoreg {_quoted(requirement)}"
    python = _quoted(sys.executable or "python")
    if (environment / "uv-receipt.toml").exists() or not Path(get_path("purelib"), "pip").is_dir():
        return f"uv pip install --python {python} {_quoted(requirement)}"
    return f"{python} -m pip install {_quoted(requirement)}"


def _quoted(word: str) -> str:
    return word if word.replace("-", "").isalnum() else f'"{word}"'
