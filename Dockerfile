# Triage in a container: pinned and hashed packages, no tools for development, not as root, conversations on a volume.
#
#   docker build -t triage .
#   docker run -d --name support -p 127.0.0.1:8080:8080 -v triage:/data --stop-timeout 35 triage
#   docker exec support triage doctor
#   docker run -it --rm triage triage chat --db ''                       a conversation in this terminal, kept nowhere
#   docker run --rm -v ./my-flows:/my-flows triage triage check /my-flows
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN python3 -m venv /opt/triage
ENV PATH=/opt/triage/bin:$PATH
WORKDIR /app

# packages change less often than the code: a layer of their own
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE manifest.yaml ./
COPY bot bot
COPY flows flows
COPY locales locales
RUN pip install --no-cache-dir --disable-pip-version-check --no-index --no-deps --no-build-isolation -e . \
    && python -m compileall -q bot \
    && pip uninstall --quiet --yes setuptools pip

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --create-home triage && install -d -o triage -g triage /data
COPY --from=build /opt/triage /opt/triage
COPY --from=build /app /app

ENV PATH=/opt/triage/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 \
    TRIAGE_DATABASE_URL=sqlite:////data/triage.db TRIAGE_HTTP_HOST=0.0.0.0 TRIAGE_HTTP_PORT=8080
WORKDIR /app
USER triage
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", \
  "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"TRIAGE_HTTP_PORT\"]}/health/live', timeout=4)"]
CMD ["triage", "serve"]
