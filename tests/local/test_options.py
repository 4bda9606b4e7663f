from pathlib import Path

import pytest

from deploy.local.errors import Stop
from deploy.local.options import Options
from deploy.local.paths import ROOT


def test_without_a_word_everything_is_embedded() -> None:
    options = Options.read({})
    assert (options.home.path, options.base_url) == (ROOT / ".parlour", "http://localhost:8000")
    assert (options.database_url, options.owner_database_url, options.redis_url) == (None,) * 3


def test_empty_words_count_as_none() -> None:
    assert Options.read({"PORT": "", "PARLOUR_HOME": "", "DATABASE_URL": ""}) == Options.read({})


def test_a_second_copy_has_its_own_home_and_port(tmp_path: Path) -> None:
    options = Options.read({"PARLOUR_HOME": str(tmp_path / "second"), "PORT": "8001"})
    assert (options.home.path, options.base_url) == (tmp_path / "second", "http://localhost:8001")


def test_real_servers_can_do_without_demo_salons() -> None:
    assert not Options.read({"DEMO": "no"}).demo


def test_a_word_that_is_neither_yes_nor_no_is_one_sentence() -> None:
    with pytest.raises(Stop, match="DEMO must be yes or no"):
        Options.read({"DEMO": "maybe"})


def test_an_owner_without_an_application_role_is_refused() -> None:
    with pytest.raises(Stop, match="OWNER_DATABASE_URL is set without DATABASE_URL"):
        Options.read({"OWNER_DATABASE_URL": "postgresql://o:o@h/d"})
