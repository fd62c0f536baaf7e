# Triage in a container: the same pinned and hashed packages as everywhere, no tools for development, not as root.
#
#   docker build -t triage . && docker run -it --rm triage            a conversation in this terminal
#   docker run --rm -v ./my-flows:/my-flows triage triage check /my-flows
ARG PYTHON_IMAGE=python:3.13-slim-bookworm
FROM ${PYTHON_IMAGE}

ENV PATH=/opt/triage/bin:$PATH PYTHONUNBUFFERED=1 LANG=C.UTF-8
RUN python3 -m venv /opt/triage && useradd --system --create-home triage
WORKDIR /app

# packages change less often than the code: a layer of their own
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY flows flows
COPY locales locales
RUN pip install --no-cache-dir --disable-pip-version-check --no-index --no-deps --no-build-isolation -e . \
    && python -m compileall -q /app/bot

USER triage
CMD ["triage", "chat"]
