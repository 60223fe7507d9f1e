using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.Policies;

/// <summary>The days of a week as policies name them, from Monday.</summary>
public enum Weekday
{
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// <summary>When people work: the same hours on each of some days of the week.</summary>
/// <param name="TimeZone">IANA id, <c>Europe/Berlin</c>.</param>
/// <param name="Days">Each once, in the order of the week.</param>
/// <param name="From">On the zone's clock, inclusive.</param>
/// <param name="To">On the zone's clock, exclusive; at least an hour after <paramref name="From"/>.</param>
public sealed partial record WorkingHours(
    string TimeZone,
    IReadOnlyList<Weekday> Days,
    [property: JsonConverter(typeof(HourAndMinute))] TimeOnly From,
    [property: JsonConverter(typeof(HourAndMinute))] TimeOnly To)
{
    /// <summary>The shortest working day: with less, a step of a month would take years.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromHours(1);

    /// <summary>The rules of the zone.</summary>
    /// <exception cref="TimeZoneNotFoundException">The host does not know the zone.</exception>
    [JsonIgnore]
    public TimeZoneInfo Zone => TryFindZone(TimeZone, out var zone) ? zone : throw new TimeZoneNotFoundException($"This host has no time zone '{TimeZone}'.");

    /// <summary>The zone of an IANA id. Nothing else is looked up: on Linux an id is the path of a file.</summary>
    public static bool TryFindZone(string id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return id.Length <= 64 && IanaId().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }

    /// <summary>Whether all the time that is worked under <paramref name="other"/> is worked under this.</summary>
    public bool Covers(WorkingHours other) =>
        TimeZone == other.TimeZone && From <= other.From && To >= other.To && other.Days.All(day => Days.Contains(day));

    /// <inheritdoc />
    public override string ToString() =>
        $"{string.Join(", ", Days).ToLowerInvariant()} {From.ToString(HourAndMinute.Format, CultureInfo.InvariantCulture)} to {To.ToString(HourAndMinute.Format, CultureInfo.InvariantCulture)} {TimeZone}";

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IanaId();
}

/// <summary>A time of day as <c>09:00</c>.</summary>
internal sealed class HourAndMinute : JsonConverter<TimeOnly>
{
    public const string Format = "HH:mm";

    public static bool TryParse(string? text, out TimeOnly time) => TimeOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString(), out var time) ? time : throw new JsonException("A time of day is a text such as \"09:00\".");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString(Format, CultureInfo.InvariantCulture));
}
