using Advisor.Kernel.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Advisor.Kernel.Telemetry;

/// <summary>Sends traces, metrics and logs to an OTLP receiver while the host runs; what is left is sent when it stops.</summary>
internal sealed class OtlpExport(OtlpExport.Target target, HostIdentity host) : IHostedService, IDisposable
{
    private static readonly double[] s_shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1];
    private static readonly double[] s_runMilliseconds = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Where to send, and how.</summary>
    internal sealed record Target(Uri Endpoint, OtlpExportProtocol Protocol)
    {
        /// <summary>An HTTP receiver has a path for each signal; a gRPC one does not.</summary>
        public void Apply(OtlpExporterOptions exporter, string signal)
        {
            exporter.Protocol = Protocol;
            exporter.Endpoint = Protocol == OtlpExportProtocol.Grpc ? Endpoint : new Uri($"{Endpoint.ToString().TrimEnd('/')}/v1/{signal}");
        }
    }

    /// <summary>Registers the export where a receiver is configured, and nothing at all where none is.</summary>
    public static IServiceCollection Add(IServiceCollection services, IConfiguration configuration)
    {
        var endpoint = EndpointOf(configuration);
        services.AddOptions<TelemetryOptions>()
            .Bind(configuration.GetSection("Telemetry"))
            .Configure(options =>
            {
                options.OtlpEndpoint = endpoint;
                options.OtlpProtocol = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? options.OtlpProtocol;
            })
            .ValidateDataAnnotations().ValidateOnStart();
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
        {
            return services;
        }

        var protocol = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? configuration["Telemetry:OtlpProtocol"];
        var target = new Target(address, protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf);
        services.AddSingleton(target).AddHostedService<OtlpExport>();
        services.AddOptions<OpenTelemetryLoggerOptions>().Configure<HostIdentity>((options, host) => options.SetResourceBuilder(ResourceOf(host)));
        return services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter(exporter => target.Apply(exporter, "logs"));
        }));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceOf(host);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Spans.SourceName, "Advisor.Functions", "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter(exporter => target.Apply(exporter, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Spans.SourceName, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime")
            .AddView("confidence_score", new ExplicitBucketHistogramConfiguration { Boundaries = s_shares })
            .AddView("ingestion_duration_ms", new ExplicitBucketHistogramConfiguration { Boundaries = s_runMilliseconds })
            .AddOtlpExporter(exporter => target.Apply(exporter, "metrics"))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Side by side, because each waits some seconds for a receiver that does not answer.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Task.Run(() => _traces?.Dispose(), cancellationToken), Task.Run(() => _metrics?.Dispose(), cancellationToken));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static string? EndpointOf(IConfiguration configuration) =>
        configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } standard ? standard
        : configuration["Telemetry:OtlpEndpoint"] is { Length: > 0 } own ? own
        : null;

    private static ResourceBuilder ResourceOf(HostIdentity host) => ResourceBuilder.CreateDefault()
        .AddService("advisor", serviceVersion: ProductVersion.Value, serviceInstanceId: host.InstanceId);
}
