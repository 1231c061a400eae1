"""Django's management commands: `python -m central_hub.manage <command>`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
