using System.Globalization;
using System.Text;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Shows serial days through the date parts of a section.</summary>
internal static class DateText
{
    /// <summary>Null for a day that workbooks cannot show: negative, or after the year 9999.</summary>
    public static string? Render(FormatSection section, decimal serial, bool date1904)
    {
        var fraction = section.Tokens.Find(token => token.Part == FormatPart.SecondFraction).Text?.Length ?? 0;
        var unit = fraction switch { 0 => 86_400m, 1 => 864_000m, 2 => 8_640_000m, _ => 86_400_000m };
        if (serial < 0 || serial > 2_958_466m)
        {
            return null;
        }

        // Excel rounds to the smallest part that it shows.
        var shown = decimal.Round(serial * unit, MidpointRounding.AwayFromZero) / unit;
        if (SerialDate.ToDateTime(shown, date1904) is not { } moment)
        {
            return null;
        }

        var twelve = section.Tokens.Exists(token => token.Part == FormatPart.AmPm);
        var text = new StringBuilder();
        for (var i = 0; i < section.Tokens.Count; i++)
        {
            var token = section.Tokens[i];
            text.Append(token.Part switch
            {
                FormatPart.Date => Part(token.Text, moment, twelve, IsMinutes(section.Tokens, i)),
                FormatPart.Elapsed => Elapsed(token.Text, shown),
                FormatPart.AmPm => token.Text.Length == 3 ? (moment.Hour < 12 ? "A" : "P") : moment.Hour < 12 ? "AM" : "PM",
                FormatPart.SecondFraction => "." + moment.Millisecond.ToString("000", CultureInfo.InvariantCulture)[..Math.Min(3, token.Text.Length)],
                FormatPart.Text or FormatPart.General => "",
                _ => token.Text,
            });
        }

        return text.ToString().Trim();
    }

    /// <summary>An m stands for minutes directly behind hours or directly before seconds.</summary>
    private static bool IsMinutes(List<FormatToken> tokens, int at)
    {
        if (tokens[at].Text[0] != 'm' || tokens[at].Text.Length > 2)
        {
            return false;
        }

        var before = tokens.FindLastIndex(at, token => token.Part is FormatPart.Date or FormatPart.Elapsed && token != tokens[at]);
        var after = tokens.FindIndex(at + 1, token => token.Part is FormatPart.Date or FormatPart.Elapsed);
        return (before >= 0 && tokens[before].Text[0] == 'h') || (after >= 0 && tokens[after].Text[0] == 's');
    }

    private static string Part(string part, DateTime moment, bool twelve, bool minutes)
    {
        var culture = CultureInfo.InvariantCulture;
        var hour = twelve ? ((moment.Hour + 11) % 12) + 1 : moment.Hour;
        return part[0] switch
        {
            'y' => part.Length <= 2 ? (moment.Year % 100).ToString("00", culture) : moment.Year.ToString("0000", culture),
            'm' when minutes => moment.Minute.ToString(part.Length == 1 ? "0" : "00", culture),
            'm' => part.Length switch
            {
                1 => moment.Month.ToString(culture),
                2 => moment.Month.ToString("00", culture),
                3 => culture.DateTimeFormat.GetAbbreviatedMonthName(moment.Month),
                5 => culture.DateTimeFormat.GetMonthName(moment.Month)[..1],
                _ => culture.DateTimeFormat.GetMonthName(moment.Month),
            },
            'd' => part.Length switch
            {
                1 => moment.Day.ToString(culture),
                2 => moment.Day.ToString("00", culture),
                3 => culture.DateTimeFormat.GetAbbreviatedDayName(moment.DayOfWeek),
                _ => culture.DateTimeFormat.GetDayName(moment.DayOfWeek),
            },
            'h' => hour.ToString(part.Length == 1 ? "0" : "00", culture),
            _ => moment.Second.ToString(part.Length == 1 ? "0" : "00", culture),
        };
    }

    private static string Elapsed(string part, decimal serial)
    {
        var total = decimal.Truncate(decimal.Round(serial * 86_400m, 3) / part[0] switch { 'h' => 3600m, 'm' => 60m, _ => 1m });
        return total.ToString("F0", CultureInfo.InvariantCulture).PadLeft(part.Length, '0');
    }
}
