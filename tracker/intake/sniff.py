"""What a file of evidence is, by its content: its name and ending are anybody's word."""

from tracker.domain.errors import BadInput

PDF = "application/pdf"
# What a name ends in, for the files that are taken.
ENDINGS = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}
TAKEN = "a PDF or a picture (JPEG, PNG, WebP, HEIC)"

_STARTS = {b"%PDF-": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
# ISO 14496-12 names the kind of file after "ftyp"; these are the brands of HEIF pictures as phones write them.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


def media_type(name: str, data: bytes) -> str:
    """Give the media type of a file of evidence.

    Args:
        name: of the file, for messages.
        data: the file, or its beginning.

    Raises:
        BadInput: it is empty, or of no kind that is taken.
    """
    if not data:
        raise BadInput(f"{name} is empty: check that it was saved.")
    for start, kind in _STARTS.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "image/heic"
    raise BadInput(f"{name} is neither {TAKEN}, whatever its name says: save it as one of these, or take a picture.")
