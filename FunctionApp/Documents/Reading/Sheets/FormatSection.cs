using System.Globalization;
using System.Text;

namespace Advisor.Documents.Reading.Sheets;

internal enum FormatPart
{
    Literal,

    /// <summary>0, # or ?.</summary>
    Digit,
    Point,
    Percent,

    /// <summary>E+ or E-.</summary>
    Exponent,

    /// <summary>The bar of a fraction.</summary>
    Slash,

    /// <summary>@: the text itself.</summary>
    Text,
    General,

    /// <summary>A run of y, m, d, h or s; AM/PM; an elapsed part such as [h].</summary>
    Date,
    Elapsed,
    AmPm,

    /// <summary>Zeros after the point of the seconds.</summary>
    SecondFraction,
}

internal readonly record struct FormatToken(FormatPart Part, string Text);

/// <summary>One of the sections of a number format that are separated by semicolons.</summary>
internal sealed class FormatSection
{
    private FormatSection(List<FormatToken> tokens) => Tokens = tokens;

    public List<FormatToken> Tokens { get; }

    public bool IsDate { get; private set; }

    public bool IsGeneral { get; private set; }

    public bool IsText { get; private set; }

    public bool Thousands { get; private set; }

    public int ScalingCommas { get; private set; }

    public int Percents { get; private set; }

    public string? Colour { get; private set; }

    public Func<double, bool>? Condition { get; private set; }

    public bool IsForNegatives { get; private set; }

    public static FormatSection[] ParseAll(string code)
    {
        var sections = new List<FormatSection>();
        for (var at = 0; at <= code.Length && sections.Count < 4;)
        {
            sections.Add(Parse(code, ref at));
        }

        return [.. sections];
    }

    /// <summary>The literals of the section around a value that was put into words elsewhere.</summary>
    public string Wrap(string value)
    {
        var text = new StringBuilder();
        foreach (var token in Tokens)
        {
            text.Append(token.Part == FormatPart.General ? value : token.Text);
        }

        return text.ToString();
    }

    /// <summary>The literals around a text; the spaces that line numbers up do not belong to the text.</summary>
    public string WrapText(string value)
    {
        var text = new StringBuilder();
        foreach (var token in Tokens)
        {
            text.Append(token.Part switch
            {
                FormatPart.Text or FormatPart.General => value,
                FormatPart.Literal when token.Text != " " => token.Text,
                _ => "",
            });
        }

        return text.ToString();
    }

    private static FormatSection Parse(string code, ref int at)
    {
        var section = new FormatSection([]);
        while (at < code.Length && code[at] != ';')
        {
            section.Next(code, ref at);
        }

        at++;
        section.Settle();
        return section;
    }

    private void Next(string code, ref int at)
    {
        var c = code[at];
        switch (c)
        {
            case '"':
                var close = code.IndexOf('"', at + 1);
                close = close < 0 ? code.Length : close;
                Add(FormatPart.Literal, code[(at + 1)..close]);
                at = Math.Min(code.Length, close + 1);
                return;
            case '\\':
                Add(FormatPart.Literal, at + 1 < code.Length ? code[at + 1].ToString() : "");
                at += 2;
                break;
            case '_':
                Add(FormatPart.Literal, " ");
                at += 2;
                break;
            case '*':
                at += 2;
                break;
            case '[':
                at = Bracket(code, at);
                return;
            case '0' or '#' or '?':
                Add(FormatPart.Digit, c.ToString());
                at++;
                break;
            case '.':
                Point(code, ref at);
                return;
            case ',':
                Add(FormatPart.Literal, ",");
                at++;
                break;
            case '%':
                Percents++;
                Add(FormatPart.Percent, "%");
                at++;
                break;
            case '@':
                Add(FormatPart.Text, "@");
                at++;
                break;
            case '/' when Tokens.Exists(token => token.Part == FormatPart.Digit):
                Add(FormatPart.Slash, "/");
                at++;
                break;
            default:
                Letters(code, ref at);
                return;
        }

        at = Math.Min(at, code.Length);
    }

    private void Letters(string code, ref int at)
    {
        var rest = code.AsSpan(at);
        if (rest.StartsWith("General", StringComparison.OrdinalIgnoreCase))
        {
            Add(FormatPart.General, "");
            at += 7;
        }
        else if (rest.StartsWith("AM/PM", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("A/P", StringComparison.OrdinalIgnoreCase))
        {
            var length = rest[1] == '/' ? 3 : 5;
            Add(FormatPart.AmPm, rest[..length].ToString());
            at += length;
        }
        else if (rest.Length > 1 && rest[0] is 'E' or 'e' && rest.Length > 1 && rest[1] is '+' or '-' && Tokens.Exists(token => token.Part == FormatPart.Digit))
        {
            Add(FormatPart.Exponent, rest[..2].ToString());
            at += 2;
        }
        else if (char.ToLowerInvariant(rest[0]) is 'y' or 'm' or 'd' or 'h' or 's' or 'e')
        {
            var letter = char.ToLowerInvariant(rest[0]);
            var run = 1;
            while (run < rest.Length && char.ToLowerInvariant(rest[run]) == letter)
            {
                run++;
            }

            Add(FormatPart.Date, letter == 'e' ? "yyyy" : new string(letter, run));
            at += run;
        }
        else
        {
            Add(FormatPart.Literal, rest[..1].ToString());
            at++;
        }
    }

    private void Point(string code, ref int at)
    {
        var zeros = 0;
        while (at + 1 + zeros < code.Length && code[at + 1 + zeros] == '0')
        {
            zeros++;
        }

        if (zeros > 0 && Tokens.FindLast(token => token.Part is FormatPart.Date or FormatPart.Elapsed or FormatPart.Digit) is { Part: FormatPart.Date or FormatPart.Elapsed } last && last.Text.Contains('s'))
        {
            Add(FormatPart.SecondFraction, new string('0', zeros));
            at += 1 + zeros;
            return;
        }

        Add(FormatPart.Point, ".");
        at++;
    }

    private int Bracket(string code, int at)
    {
        var close = code.IndexOf(']', at);
        if (close < 0)
        {
            Add(FormatPart.Literal, "[");
            return at + 1;
        }

        var inside = code[(at + 1)..close];
        if (inside.StartsWith('$'))
        {
            // [$€-407]: a currency sign and a locale.
            var dash = inside.IndexOf('-', StringComparison.Ordinal);
            Add(FormatPart.Literal, dash < 0 ? inside[1..] : inside[1..dash]);
        }
        else if (inside.Length > 0 && inside[0] is '<' or '>' or '=')
        {
            ReadCondition(inside);
        }
        else if (inside.Length > 0 && inside.ToLowerInvariant().Trim(char.ToLowerInvariant(inside[0])).Length == 0 && char.ToLowerInvariant(inside[0]) is 'h' or 'm' or 's')
        {
            Add(FormatPart.Elapsed, inside.ToLowerInvariant());
        }
        else if (inside.StartsWith("color", StringComparison.OrdinalIgnoreCase) || inside.ToLowerInvariant() is "red" or "black" or "blue" or "green" or "cyan" or "magenta" or "yellow" or "white")
        {
            Colour = inside.ToLowerInvariant();
        }

        return close + 1;
    }

    private void ReadCondition(string inside)
    {
        var length = inside.Length > 1 && inside[1] is '=' or '>' ? 2 : 1;
        if (!double.TryParse(inside.AsSpan(length), NumberStyles.Float, CultureInfo.InvariantCulture, out var limit))
        {
            return;
        }

        (Condition, IsForNegatives) = inside[..length] switch
        {
            "<" => (value => value < limit, limit <= 0),
            "<=" => (value => value <= limit, limit < 0),
            ">" => (value => value > limit, false),
            ">=" => (value => value >= limit, false),
            "<>" => (value => value != limit, false),
            _ => ((Func<double, bool>)(value => value == limit), false),
        };
    }

    private void Add(FormatPart part, string text) => Tokens.Add(new(part, text));

    /// <summary>Decides what the section is, and which of its commas group and which scale.</summary>
    private void Settle()
    {
        IsDate = Tokens.Exists(token => token.Part is FormatPart.Date or FormatPart.Elapsed or FormatPart.AmPm) && !Tokens.Exists(token => token.Part == FormatPart.General);
        IsGeneral = Tokens.Exists(token => token.Part == FormatPart.General);
        IsText = Tokens.Exists(token => token.Part == FormatPart.Text);
        if (IsDate)
        {
            return;
        }

        // Inside the digits a comma groups; behind the last digit before the point it divides by 1,000.
        var first = Tokens.FindIndex(token => token.Part == FormatPart.Digit);
        var last = Tokens.FindLastIndex(token => token.Part == FormatPart.Digit);
        for (var i = Tokens.Count - 1; i > first && first >= 0; i--)
        {
            if (Tokens[i] is not { Part: FormatPart.Literal, Text: "," })
            {
                continue;
            }

            var previous = Tokens[i - 1].Part;
            var run = i + 1;
            if (previous != FormatPart.Digit && Tokens[i - 1] is not { Part: FormatPart.Literal, Text: "," })
            {
                continue;
            }

            var endsDigits = i > last || (run < Tokens.Count && Tokens[run].Part == FormatPart.Point);
            if (endsDigits)
            {
                ScalingCommas++;
            }
            else
            {
                Thousands = true;
            }

            Tokens.RemoveAt(i);
            last = Tokens.FindLastIndex(token => token.Part == FormatPart.Digit);
        }
    }
}
