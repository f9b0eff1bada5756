"""The policies that ship: each a start, for somebody to make their own."""

from importlib import resources

from tracker.domain.errors import BadInput


def pack_names() -> list[str]:
    """What they are called."""
    folder = resources.files("tracker") / "packs"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def pack_text(name: str) -> str:
    """The text of one; raises BadInput if there is none of that name."""
    if name not in pack_names():
        raise BadInput(f"There is no pack '{name}'; packs are {', '.join(pack_names())}.")
    return (resources.files("tracker") / "packs" / f"{name}.toml").read_text("utf-8")
