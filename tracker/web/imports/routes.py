"""All pages of the import; what is named by a word comes before what is named by a draft."""

from fastapi import APIRouter

from tracker.web.imports import files, plan, questions, result, start

router = APIRouter()
for each in (start, result, files, questions, plan):
    router.include_router(each.router)
