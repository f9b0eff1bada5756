"""Files that are handed out: saved, never shown as a page of this app."""

import re
import unicodedata
from urllib.parse import quote

from fastapi.responses import Response

MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
# For whatever a browser may make of a file all the same.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def attached(content: bytes | str, name: str, media_type: str) -> Response:
    """A file to save under a name."""
    return Response(content, media_type=media_type, headers=to_save(name))


def to_save(name: str) -> dict[str, str]:
    """The headers by which a browser saves what is sent under a name, whatever it is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w.,()+ -]", "_", plain) or "file"
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"content-disposition": said, "content-security-policy": POLICY}


def telling(*parts: str) -> str:
    """A name for a file out of some parts: without what a file system may not take, and of a bearable length."""
    return "-".join(re.sub(r"[^\w.]+", "-", part).strip("-.")[:60] for part in parts if part)
