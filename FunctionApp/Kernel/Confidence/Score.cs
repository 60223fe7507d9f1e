using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Confidence;

/// <summary>A degree of trust in [0,1], both ends possible. In JSON a plain number.</summary>
[JsonConverter(typeof(ScoreConverter))]
public readonly record struct Score : IComparable<Score>
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is below 0 or above 1.</exception>
    public Score(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
        Value = value;
    }

    public static Score Zero { get; }

    public static Score One { get; } = new(1);

    /// <summary>In [0,1].</summary>
    public decimal Value { get; }

    /// <summary>The nearest score to any number: below 0 is 0, above 1 is 1.</summary>
    public static Score Clamp(decimal value) => new(Math.Clamp(value, 0, 1));

    public static Score Min(Score a, Score b) => a.Value <= b.Value ? a : b;

    public static bool operator <(Score left, Score right) => left.Value < right.Value;

    public static bool operator >(Score left, Score right) => left.Value > right.Value;

    public static bool operator <=(Score left, Score right) => left.Value <= right.Value;

    public static bool operator >=(Score left, Score right) => left.Value >= right.Value;

    public int CompareTo(Score other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed class ScoreConverter : JsonConverter<Score>
{
    public override Score Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) && value is >= 0 and <= 1
            ? new Score(value)
            : throw new JsonException("A score is a number from 0 to 1.");

    public override void Write(Utf8JsonWriter writer, Score value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
