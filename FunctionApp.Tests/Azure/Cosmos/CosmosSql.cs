using System.Text.Json;
using System.Text.RegularExpressions;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>Answers queries of the form that the adapter writes, by the rules of Cosmos DB: three-valued, typed comparisons, code-point order.</summary>
/// <remarks>What it does not know it refuses, so that a query of another form fails a test instead of being half understood.</remarks>
internal sealed partial class CosmosSql
{
    private static readonly object s_undefined = new();

    private readonly List<string> _tokens;
    private readonly IReadOnlyDictionary<string, JsonElement> _parameters;
    private int _at;

    private CosmosSql(string text, IReadOnlyDictionary<string, JsonElement> parameters)
    {
        _tokens = [.. Token().Matches(text).Select(match => match.Value)];
        _parameters = parameters;
    }

    public static List<JsonElement> Run(string text, IReadOnlyDictionary<string, JsonElement> parameters, IEnumerable<JsonElement> documents)
    {
        var sql = new CosmosSql(text, parameters);
        foreach (var word in new[] { "SELECT", "*", "FROM", "c" })
        {
            sql.Take(word);
        }

        Func<JsonElement, object?> where = _ => true;
        if (sql.TryTake("WHERE"))
        {
            where = sql.Or();
        }

        sql.Take("ORDER");
        sql.Take("BY");
        var keys = new List<(Func<JsonElement, object?> Value, bool Descending)>();
        do
        {
            keys.Add((sql.Operand(), sql.Next() == "DESC"));
        }
        while (sql.TryTake(","));
        if (sql._at != sql._tokens.Count)
        {
            throw new NotSupportedException($"After the order: {text}");
        }

        var found = documents.Where(document => where(document) is true).ToList();
        found.Sort((one, other) => keys.Select(key => Order(key.Value(one), key.Value(other)) * (key.Descending ? -1 : 1)).FirstOrDefault(order => order != 0));
        return found;
    }

    private Func<JsonElement, object?> Or()
    {
        var left = And();
        while (TryTake("OR"))
        {
            var (before, right) = (left, And());
            left = document => (before(document), right(document)) switch
            {
                (true, _) or (_, true) => true,
                (false, false) => false,
                _ => s_undefined,
            };
        }

        return left;
    }

    private Func<JsonElement, object?> And()
    {
        var left = Not();
        while (TryTake("AND"))
        {
            var (before, right) = (left, Not());
            left = document => (before(document), right(document)) switch
            {
                (false, _) or (_, false) => false,
                (true, true) => true,
                _ => s_undefined,
            };
        }

        return left;
    }

    private Func<JsonElement, object?> Not()
    {
        if (!TryTake("NOT"))
        {
            return Comparison();
        }

        var inner = Not();
        return document => inner(document) is bool value ? !value : s_undefined;
    }

    private Func<JsonElement, object?> Comparison()
    {
        var left = Operand();
        if (_at >= _tokens.Count || _tokens[_at] is not ("=" or "!=" or "<" or ">" or "<=" or ">="))
        {
            return left;
        }

        var (operation, right) = (Next(), Operand());
        return document => Compare(left(document), operation, right(document));
    }

    private Func<JsonElement, object?> Operand()
    {
        var token = Next();
        if (token == "(")
        {
            var inner = Or();
            Take(")");
            return inner;
        }

        if (token[0] == '@')
        {
            var value = Value(_parameters[token]);
            return _ => value;
        }

        return token == "c" ? Path() : Function(token);
    }

    private Func<JsonElement, object?> Path()
    {
        var names = new List<string>();
        while (TryTake("["))
        {
            names.Add(Next().Trim('"'));
            Take("]");
        }

        return document =>
        {
            foreach (var name in names)
            {
                if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty(name, out document))
                {
                    return s_undefined;
                }
            }

            return Value(document);
        };
    }

    private Func<JsonElement, object?> Function(string name)
    {
        Take("(");
        var arguments = new List<Func<JsonElement, object?>> { Operand() };
        while (TryTake(","))
        {
            arguments.Add(Operand());
        }

        Take(")");
        return (name, arguments.Count) switch
        {
            ("IS_DEFINED", 1) => document => arguments[0](document) != s_undefined,
            ("IS_NULL", 1) => document => arguments[0](document) is null,
            ("IS_STRING", 1) => document => arguments[0](document) is string,
            ("IS_NUMBER", 1) => document => arguments[0](document) is double,
            ("IS_BOOL", 1) => document => arguments[0](document) is bool,
            ("CONTAINS", 2) => document => (arguments[0](document), arguments[1](document)) is (string text, string part) ? text.Contains(part, StringComparison.Ordinal) : s_undefined,
            ("ARRAY_CONTAINS", 2) => document => arguments[0](document) is JsonElement { ValueKind: JsonValueKind.Array } array
                ? array.EnumerateArray().Any(item => Equals(Value(item), arguments[1](document)))
                : s_undefined,
            _ => throw new NotSupportedException($"{name} with {arguments.Count}"),
        };
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.String => json.GetString(),
        _ => json,
    };

    private static object Compare(object? left, string operation, object? right)
    {
        if (Rank(left) != Rank(right) || left == s_undefined || left is JsonElement)
        {
            return s_undefined;
        }

        var order = Order(left, right);
        return operation switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }

    private static int Order(object? left, object? right) => (left, right) switch
    {
        (double one, double other) => one.CompareTo(other),
        (string one, string other) => string.CompareOrdinal(one, other),
        (bool one, bool other) => one.CompareTo(other),
        _ => Rank(left).CompareTo(Rank(right)),
    };

    private static int Rank(object? value) => value switch
    {
        null => 1,
        bool => 2,
        double => 3,
        string => 4,
        JsonElement => 5,
        _ => 0,
    };

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw new NotSupportedException("The query ends too early.");

    private bool TryTake(string token)
    {
        if (_at >= _tokens.Count || _tokens[_at] != token)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Take(string token)
    {
        if (!TryTake(token))
        {
            throw new NotSupportedException($"'{token}' expected at {_at} of: {string.Join(' ', _tokens)}");
        }
    }

    [GeneratedRegex("""@?[A-Za-z_][A-Za-z0-9_]*|"[^"]*"|!=|<=|>=|[=<>()\[\],*]|\S""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
