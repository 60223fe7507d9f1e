using System.Text.Json;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Confidence;

/// <summary>Maps raw scores to probabilities of being right. Closed; every curve is non-decreasing.</summary>
/// <remarks>In JSON <c>{"kind": "platt", "a": 1, "b": -0.25}</c>, <c>{"kind": "isotonic", "points": [{"raw": 0.2, "probability": 0.1}]}</c> or <c>{"kind": "identity"}</c>.</remarks>
[JsonConverter(typeof(CalibrationCurveConverter))]
public abstract record CalibrationCurve
{
    private CalibrationCurve()
    {
    }

    public abstract Score Apply(Score raw);

    /// <summary>Scores are taken for probabilities as they are.</summary>
    public sealed record Identity : CalibrationCurve
    {
        public override Score Apply(Score raw) => raw;
    }

    /// <summary>Logistic: the log-odds of the raw score, within [0.01, 0.99], times a plus b (Platt, Probabilistic Outputs for Support Vector Machines, 1999).</summary>
    public sealed record Platt : CalibrationCurve
    {
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="a"/> is below 0 (the order of scores would turn round), or a parameter is beyond ±100.</exception>
        public Platt(decimal a, decimal b)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(a);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(a, 100);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(b), 100, nameof(b));
            (A, B) = (a, b);
        }

        public decimal A { get; }

        public decimal B { get; }

        public override Score Apply(Score raw) => LogOdds.ToScore((A * LogOdds.Of(raw.Value)) + B);
    }

    /// <summary>Straight lines between points; level before the first and after the last.</summary>
    public sealed record Isotonic : CalibrationCurve
    {
        /// <exception cref="ArgumentException">There is no point, raw scores do not rise, or probabilities fall.</exception>
        public Isotonic(IReadOnlyList<CalibrationPoint> points)
        {
            ArgumentNullException.ThrowIfNull(points);
            if (points.Count == 0 || points.Zip(points.Skip(1)).Any(pair => pair.First.Raw >= pair.Second.Raw || pair.First.Probability > pair.Second.Probability))
            {
                throw new ArgumentException("An isotonic curve has at least one point; raw scores rise from point to point and probabilities do not fall.", nameof(points));
            }

            Points = points;
        }

        public IReadOnlyList<CalibrationPoint> Points { get; }

        public override Score Apply(Score raw)
        {
            var after = 0;
            while (after < Points.Count && Points[after].Raw <= raw)
            {
                after++;
            }

            if (after == 0 || after == Points.Count)
            {
                return Points[after == 0 ? 0 : ^1].Probability;
            }

            var (left, right) = (Points[after - 1], Points[after]);
            var part = (raw.Value - left.Raw.Value) / (right.Raw.Value - left.Raw.Value);
            return Score.Clamp(left.Probability.Value + (part * (right.Probability.Value - left.Probability.Value)));
        }

        public bool Equals(Isotonic? other) => other is not null && Points.SequenceEqual(other.Points);

        public override int GetHashCode() => HashCode.Combine(Points.Count, Points[0]);
    }
}

public sealed record CalibrationPoint(Score Raw, Score Probability);

internal sealed class CalibrationCurveConverter : JsonConverter<CalibrationCurve>
{
    public override CalibrationCurve Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var shape = JsonSerializer.Deserialize<Shape>(ref reader, options);
        try
        {
            return shape switch
            {
                { Kind: "identity" } => new CalibrationCurve.Identity(),
                { Kind: "platt", A: { } a, B: { } b } => new CalibrationCurve.Platt(a, b),
                { Kind: "isotonic", Points: { } points } => new CalibrationCurve.Isotonic(points),
                _ => throw new JsonException("A calibration curve is identity, platt with a and b, or isotonic with points."),
            };
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, CalibrationCurve value, JsonSerializerOptions options)
    {
        var shape = value switch
        {
            CalibrationCurve.Platt platt => new Shape("platt", platt.A, platt.B, null),
            CalibrationCurve.Isotonic isotonic => new Shape("isotonic", null, null, isotonic.Points),
            _ => new Shape("identity", null, null, null),
        };
        JsonSerializer.Serialize(writer, shape, options);
    }

    private sealed record Shape(string? Kind, decimal? A, decimal? B, IReadOnlyList<CalibrationPoint>? Points);
}
