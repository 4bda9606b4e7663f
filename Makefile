# `make` alone explains the targets. The work is done by deploy/local, which makes its own tools.
PARLOUR := @sh deploy/local/python.sh

.DEFAULT_GOAL := help
.PHONY: help run test check bench seed shell mutate messages lock clean

help: ## List what you can make
	@echo 'Parlour: make TARGET'
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
		printf '  %-10s %s\n' "$$name" "$$text"; done

run: ## Serve everything on http://localhost:8000 (or PORT; also PARLOUR_HOME, DATABASE_URL, REDIS_URL, DEMO=no)
	$(PARLOUR) run

test: ## Check and test everything (ARGS='tests/booking -k race' tests a part)
	$(PARLOUR) test $(ARGS)

check: ## Lint, format, types, contracts, migrations, translations, front end
	$(PARLOUR) check

bench: ## Measure speed and write the figures to bench-results/ (ARGS=...)
	$(PARLOUR) bench $(ARGS)

seed: ## Fill the database with the demo salons, unless they are there
	$(PARLOUR) seed

shell: ## Open a Python shell with Django and this copy's database
	$(PARLOUR) manage shell

mutate: ## Test the tests of the pure policies with mutants
	$(PARLOUR) mutate $(ARGS)

messages: ## Collect the texts to translate into the catalogues
	$(PARLOUR) messages

lock: ## Pin the newest fitting versions in requirements/
	$(PARLOUR) lock

clean: ## Delete what was built; data in .parlour stays
	@echo 'Deleting what was built (the data in .parlour stays).'
	@rm -rf .venv .cache staticfiles mutants htmlcov bench-results test-results .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
		frontend/node_modules frontend/dist frontend/coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete 2>/dev/null || true
