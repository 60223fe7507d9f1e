# The Azure deployment: the Functions host with the product and the programs that read pages.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY AzureContracts/AzureContracts.csproj AzureContracts/
COPY FunctionApp/FunctionApp.csproj FunctionApp/
RUN dotnet restore FunctionApp -p:AzurePackages=all+Redis+DurableTaskScheduler
COPY host.json local.settings.sample.json ./
COPY docs/openapi.yaml docs/
COPY AzureContracts AzureContracts
COPY FunctionApp FunctionApp
RUN dotnet publish FunctionApp -c Release -p:AzurePackages=all+Redis+DurableTaskScheduler -o /app

FROM mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends poppler-utils tesseract-ocr tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /home --shell /usr/sbin/nologin advisor \
    && mkdir -p /home/LogFiles /home/data \
    && chown 10001 /home /home/LogFiles /home/data
COPY --from=build /app /home/site/wwwroot
# A port that needs no rights; the host's own log goes to standard output.
ENV ASPNETCORE_URLS=http://+:8080 \
    AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true
EXPOSE 8080
USER 10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=4 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
