"""How photoreg was installed, and so with which command a further library is."""

import sys
from pathlib import Path
from sysconfig import get_path


def install_command(*requirements: str) -> str:
    """Return the command that installs libraries where this photoreg finds them."""
    wanted = " ".join(map(_quoted, requirements))
    environment = Path(sys.prefix)
    if (environment / "pipx_metadata.json").exists():
        return f"pipx inject photoreg {wanted}"
    python = _quoted(sys.executable or "python")
    if (environment / "uv-receipt.toml").exists() or not Path(get_path("purelib"), "pip").is_dir():
        return f"uv pip install --python {python} {wanted}"
    return f"{python} -m pip install {wanted}"


def _quoted(word: str) -> str:
    return word if word.replace("-", "").isalnum() else f'"{word}"'
