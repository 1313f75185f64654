# One image for the API, workers and upkeep, without torch; another for `worker-detoxify`.
# docker build --target api|worker|upkeep|worker-detoxify .

FROM python:3.12-slim-bookworm AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/moderation
ENV PATH=/opt/moderation/bin:$PATH
WORKDIR /src
COPY requirements.txt ./
RUN pip install --require-hashes --no-deps -r requirements.txt
COPY LICENSE README.md pyproject.toml ./
COPY moderation moderation
COPY workers workers
RUN pip install --no-deps --no-build-isolation .

FROM builder AS builder-detoxify
# Where a CPU build of torch is found, for instance: --build-arg TORCH_FLAGS="--index-url ..."
ARG TORCH_FLAGS=""
COPY requirements-detoxify.txt ./
# TORCH_FLAGS is a list of words, and not a package.
# hadolint ignore=SC2086,DL3013
RUN pip install torch==2.13.0 $TORCH_FLAGS \
  && pip install --require-hashes --no-deps -r requirements-detoxify.txt

FROM python:3.12-slim-bookworm AS runtime
ENV PATH=/opt/moderation/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin moderation
WORKDIR /srv
STOPSIGNAL SIGTERM

FROM runtime AS worker-detoxify
COPY --from=builder-detoxify /opt/moderation /opt/moderation
USER 10001:10001
CMD ["python", "-m", "workers", "scoring"]

FROM runtime AS base
COPY --from=builder /opt/moderation /opt/moderation
USER 10001:10001

# The commit, by which decisions tell what code made them: --build-arg COMMIT=$(git rev-parse HEAD)
ARG COMMIT=""
ENV MODERATION_COMMIT=$COMMIT

FROM base AS upkeep
CMD ["python", "-m", "workers", "upkeep"]

FROM base AS worker
CMD ["python", "-m", "workers", "scoring"]

FROM base AS api
EXPOSE 8000
CMD ["gunicorn", "-c", "python:moderation.supervisor.gunicorn_conf", "--bind", "0.0.0.0:8000"]
