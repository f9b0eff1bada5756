"""What a form of many fields says: their names are made by the page, a number each."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from tracker.domain.errors import BadInput


async def _said(request: Request) -> dict[str, str]:
    form: FormData = await request.form()
    found = {name: value for name, value in form.items() if isinstance(value, str)}
    if any("\0" in text for text in found.values()):
        raise BadInput("Something in the form cannot be read; type it again.")
    return found


Said = Annotated[Mapping[str, str], Depends(_said)]
