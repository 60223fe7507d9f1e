using System.ComponentModel.DataAnnotations;

namespace Advisor.Kernel.Telemetry;

/// <summary>Settings of the export, section <c>Telemetry</c>. OpenTelemetry's own variables (headers, sampler, batch sizes) hold as well.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Base address of an OTLP receiver; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> comes before it. Without either nothing is exported.</summary>
    [RegularExpression("https?://.+", ErrorMessage = "Telemetry:OtlpEndpoint (or OTEL_EXPORTER_OTLP_ENDPOINT) must be an http:// or https:// address, such as http://localhost:4318.")]
    public string? OtlpEndpoint { get; set; }

    /// <summary><c>http/protobuf</c> or <c>grpc</c>; <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> comes before it. The default is the specification's.</summary>
    [RegularExpression("http/protobuf|grpc", ErrorMessage = "Telemetry:OtlpProtocol (or OTEL_EXPORTER_OTLP_PROTOCOL) must be http/protobuf or grpc.")]
    public string OtlpProtocol { get; set; } = "http/protobuf";
}
