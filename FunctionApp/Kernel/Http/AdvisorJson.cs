using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Http;

/// <summary>The one JSON configuration of the product: HTTP bodies, queue messages, durable inputs and stored records all use it.</summary>
/// <remarks>
/// Names are snake_case, enums are snake_case strings, nulls are left out, decimals are written as JSON numbers with all their digits.
/// The instance is read-only after first use and safe to share between threads.
/// </remarks>
public static class AdvisorJson
{
    /// <summary>The shared options. Never copy and alter them for a part of the product: a value must look alike wherever it is met.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = null,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
