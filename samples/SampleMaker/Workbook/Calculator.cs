using System.Globalization;
using System.Text.RegularExpressions;

namespace Advisor.Samples.Workbook;

/// <summary>Computes the formulas of a draft in binary floating point, in the order of operations that spreadsheet programs use.</summary>
/// <remarks>Knows + - * /, comparisons, SUM, AVERAGE, ROUND, ABS and IF, which is all that the sample uses; anything else is an error.</remarks>
internal sealed partial class Calculator(IReadOnlyList<Grid> sheets)
{
    private readonly Dictionary<string, object> values = [];

    /// <returns>A double or a string; an empty cell is 0.</returns>
    public object Value(string sheet, string reference)
    {
        string key = $"{sheet}!{reference}";
        if (values.TryGetValue(key, out object? known))
        {
            return known;
        }

        Cell? cell = sheets.Single(grid => grid.Name == sheet).At(reference);
        object value = cell switch
        {
            null => 0.0,
            { Formula: { } formula } => new Reader(this, sheet, [.. Token().Matches(formula).Select(match => match.Value)]).Whole(),
            { Text: { } text } => text,
            _ => cell.Number!.Value,
        };
        values[key] = value;
        return value;
    }

    [GeneratedRegex("""'[^']+'![A-Z]+\d+|[A-Za-z]+![A-Z]+\d+|"[^"]*"|[A-Z]+\d+|[A-Z]+|\d+(\.\d+)?|<=|>=|<>|[-+*/(),:<>=]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    private sealed class Reader(Calculator calculator, string sheet, string[] tokens)
    {
        private int at;

        public object Whole()
        {
            object value = Comparison();
            return at == tokens.Length ? value : throw new FormatException($"Unread: {string.Join(' ', tokens[at..])}");
        }

        private string Peek => at < tokens.Length ? tokens[at] : "";

        private object Comparison()
        {
            object left = Sum();
            if (Peek is not ("<" or ">" or "<=" or ">=" or "=" or "<>"))
            {
                return left;
            }

            string sign = tokens[at++];
            int order = ((double)left).CompareTo((double)Sum());
            bool holds = sign switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, ">=" => order >= 0, "=" => order == 0, _ => order != 0 };
            return holds ? 1.0 : 0.0;
        }

        private object Sum()
        {
            object left = Product();
            while (Peek is "+" or "-")
            {
                left = tokens[at++] == "+" ? (double)left + (double)Product() : (double)left - (double)Product();
            }

            return left;
        }

        private object Product()
        {
            object left = Factor();
            while (Peek is "*" or "/")
            {
                left = tokens[at++] == "*" ? (double)left * (double)Factor() : (double)left / (double)Factor();
            }

            return left;
        }

        private object Factor()
        {
            string token = tokens[at++];
            if (token == "-")
            {
                return -(double)Factor();
            }

            if (token == "(")
            {
                object inner = Comparison();
                at++;
                return inner;
            }

            if (token[0] == '"')
            {
                return token.Trim('"');
            }

            if (char.IsAsciiDigit(token[0]))
            {
                return double.Parse(token, CultureInfo.InvariantCulture);
            }

            return Peek == "(" ? Call(token) : Lookup(token);
        }

        private object Lookup(string token)
        {
            string[] parts = token.Split('!');
            return parts.Length == 1 ? calculator.Value(sheet, token) : calculator.Value(parts[0].Trim('\''), parts[1]);
        }

        private object Call(string function)
        {
            at++;
            List<object> arguments = [];
            while (Peek != ")")
            {
                if (at + 1 < tokens.Length && tokens[at + 1] == ":")
                {
                    arguments.AddRange(Reference.Range(tokens[at], tokens[at + 2]).Select(cell => calculator.Value(sheet, cell)));
                    at += 3;
                }
                else
                {
                    arguments.Add(Comparison());
                }

                at += Peek == "," ? 1 : 0;
            }

            at++;
            return function switch
            {
                "SUM" => arguments.OfType<double>().Sum(),
                "AVERAGE" => arguments.OfType<double>().Average(),
                "ABS" => Math.Abs((double)arguments[0]),
                "ROUND" => Math.Round((double)arguments[0], (int)(double)arguments[1], MidpointRounding.AwayFromZero) + 0.0,
                "IF" => (double)arguments[0] != 0 ? arguments[1] : arguments[2],
                _ => throw new FormatException($"The function {function} is not known."),
            };
        }
    }
}
