# The image of every part: API, worker and setup differ by their command only.
FROM python:3.13-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/ferryman
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

RUN useradd --create-home --uid 10001 ferryman && install -d -o ferryman /var/lib/ferryman
USER ferryman
WORKDIR /var/lib/ferryman
ENV FERRYMAN_DATA=/var/lib/ferryman PYTHONUNBUFFERED=1
VOLUME /var/lib/ferryman

CMD ["python", "-P", "-m", "server", "--host", "0.0.0.0"]
