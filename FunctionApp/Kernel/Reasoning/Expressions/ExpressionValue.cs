using System.Text.Json;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>What an expression comes to: an amount with its unit, or a name the document supplies.</summary>
/// <remarks>In JSON <c>{"value": 12.5, "unit": "percent"}</c>, <c>{"value": 5, "unit": "currency", "currency": "USD"}</c> or <c>{"text": "FY2022"}</c>; the order of members does not matter.</remarks>
[JsonConverter(typeof(ExpressionValueConverter))]
public abstract record ExpressionValue
{
    private ExpressionValue()
    {
    }

    /// <param name="Value">Exact; scale applied. A percentage is in percent: 12.5 is 12.5 %.</param>
    /// <param name="Currency">ISO 4217 for the two money units; null where it is not known, and for all others.</param>
    public sealed record Amount(decimal Value, Unit Unit, string? Currency = null) : ExpressionValue;

    public sealed record Text(string Value) : ExpressionValue;
}

internal sealed class ExpressionValueConverter : JsonConverter<ExpressionValue>
{
    public override ExpressionValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var shape = JsonSerializer.Deserialize<Shape>(ref reader, options);
        return shape switch
        {
            { Text: { } text, Value: null, Unit: null } => new ExpressionValue.Text(text),
            { Value: { } value, Unit: { } unit, Text: null } => new ExpressionValue.Amount(value, unit, shape.Currency),
            _ => throw new JsonException("An expression value has either 'text', or 'value' and 'unit'."),
        };
    }

    public override void Write(Utf8JsonWriter writer, ExpressionValue value, JsonSerializerOptions options)
    {
        var shape = value switch
        {
            ExpressionValue.Amount amount => new Shape(amount.Value, amount.Unit, amount.Currency, null),
            ExpressionValue.Text text => new Shape(null, null, null, text.Value),
            _ => throw new JsonException("Unknown kind of expression value."),
        };
        JsonSerializer.Serialize(writer, shape, options);
    }

    private sealed record Shape(decimal? Value, Unit? Unit, string? Currency, string? Text);
}
