import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.api import public_api, salon_api
from config.settings.env import BASE_DIR

DOCUMENTS = {"salon.json": salon_api, "public.json": public_api}


class Command(BaseCommand):
    help = "Write both OpenAPI documents, from which the front end's client is generated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether they are stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = BASE_DIR / "frontend" / "openapi"
        for name, api in DOCUMENTS.items():
            schema = api.get_openapi_schema(path_prefix="/api/v1/")
            text = json.dumps(schema, indent=2, sort_keys=True) + "\n"
            path = folder / name
            if check and (not path.exists() or path.read_text() != text):
                raise CommandError(f"{path} is stale. Run: manage.py export_openapi")
            if not check:
                path.write_text(text)
                self.stdout.write(f"{path} written")
