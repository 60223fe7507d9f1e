namespace Advisor.Tests.Deployment.Bicep;

/// <summary>Reads Bicep's expressions. Knows the grammar, and neither types nor resources.</summary>
internal abstract class BicepExpressions(string source)
{
    private static readonly string[] s_operators = ["??", "||", "&&", "==", "!=", "=~", "!~", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"];

    private int _at;

    protected bool IsAtEnd
    {
        get
        {
            Skip();
            return _at >= source.Length;
        }
    }

    protected int Line => source.AsSpan(0, Math.Min(_at, source.Length)).Count('\n') + 1;

    /// <summary>An expression, its condition and alternatives included.</summary>
    protected BicepNode Expression()
    {
        var line = Line;
        var value = Operation();
        if (!Takes("?"))
        {
            return value;
        }

        var whenTrue = Expression();
        Expect(":");
        return new BicepNode(BicepKind.Other, "?:", [value, whenTrue, Expression()], line);
    }

    /// <summary>What follows the equals sign of a resource or module, and an item of a loop.</summary>
    protected BicepNode Body()
    {
        Skip();
        var line = Line;
        if (TakesWord("if"))
        {
            Expect("(");
            var condition = Expression();
            Expect(")");
            return new BicepNode(BicepKind.Other, "if", [condition, Expression()], line);
        }

        return Expression();
    }

    protected void Expect(string text)
    {
        if (!Takes(text))
        {
            throw Fault($"'{text}' is missing");
        }
    }

    /// <summary>Goes behind the text where it comes next, and otherwise stays: before the spaces, since the end of a line can end an item.</summary>
    protected bool Takes(string text)
    {
        var start = _at;
        Skip();
        if (source.AsSpan(_at).StartsWith(text, StringComparison.Ordinal))
        {
            _at += text.Length;
            return true;
        }

        _at = start;
        return false;
    }

    protected bool TakesWord(string word)
    {
        var start = _at;
        if (Takes(word) && (_at >= source.Length || !IsLetter(source[_at])))
        {
            return true;
        }

        _at = start;
        return false;
    }

    protected string Word()
    {
        Skip();
        var start = _at;
        while (_at < source.Length && IsLetter(source[_at]))
        {
            _at++;
        }

        return _at > start ? source[start.._at] : throw Fault("a name is missing");
    }

    protected string PlainText()
    {
        var text = Primary();
        return text is { Kind: BicepKind.Text, Children.Count: 0 } ? text.Text : throw Fault("a text without interpolation is missing");
    }

    /// <summary>The rest of the line, for types, which are only looked through for names.</summary>
    protected string UpToEndOfLine(char? stop)
    {
        var start = _at;
        var depth = 0;
        while (_at < source.Length && (depth > 0 || (source[_at] != '\n' && source[_at] != stop)))
        {
            depth += source[_at] switch { '{' or '(' => 1, '}' or ')' => -1, _ => 0 };
            _at++;
        }

        return source[start.._at];
    }

    protected FormatException Fault(string what) => new($"line {Line}: {what} before '{source[Math.Min(_at, source.Length)..Math.Min(_at + 20, source.Length)].ReplaceLineEndings(" ")}'");

    private BicepNode Operation()
    {
        var line = Line;
        var parts = new List<BicepNode> { Unary() };
        while (s_operators.Any(Takes))
        {
            parts.Add(Unary());
        }

        return parts.Count == 1 ? parts[0] : new BicepNode(BicepKind.Other, "operators", parts, line);
    }

    private BicepNode Unary()
    {
        Skip();
        var line = Line;
        return Takes("!") || Takes("-") ? new BicepNode(BicepKind.Other, "unary", [Unary()], line) : Postfix();
    }

    /// <summary>Members, indexes and calls stand on the line of what they belong to: on the next line a bracket begins another item.</summary>
    private BicepNode Postfix()
    {
        var value = Primary();
        while (_at < source.Length)
        {
            var line = Line;
            switch (source[_at])
            {
                case '!' when !source.AsSpan(_at).StartsWith("!=", StringComparison.Ordinal):
                    _at++;
                    break;
                case '.':
                    _at++;
                    _ = source[_at] == '?' && Takes("?");
                    value = new BicepNode(BicepKind.Member, Word(), [value], line);
                    break;
                case '[':
                    _at++;
                    value = new BicepNode(BicepKind.Other, "index", [value, Expression()], line);
                    Expect("]");
                    break;
                case '(':
                    _at++;
                    var arguments = Items(")");
                    value = value.Kind == BicepKind.Name
                        ? new BicepNode(BicepKind.Call, value.Text, arguments, line)
                        : new BicepNode(BicepKind.Call, "", [value, .. arguments], line);
                    break;
                default:
                    return value;
            }
        }

        return value;
    }

    private BicepNode Primary()
    {
        Skip();
        var line = Line;
        var next = _at < source.Length ? source[_at] : throw Fault("an expression is missing");
        if (next == '\'')
        {
            return Text();
        }

        if (next == '{')
        {
            return Object();
        }

        if (next == '[')
        {
            return Array();
        }

        if (next == '(')
        {
            return Parenthesis();
        }

        if (char.IsAsciiDigit(next))
        {
            return new BicepNode(BicepKind.Literal, Word(), [], line);
        }

        var name = Word();
        if (Takes("=>"))
        {
            return new BicepNode(BicepKind.Local, name, [Expression()], line);
        }

        return new BicepNode(name is "true" or "false" or "null" ? BicepKind.Literal : BicepKind.Name, name, [], line);
    }

    private BicepNode Parenthesis()
    {
        var (start, line) = (_at, Line);
        var close = source.IndexOf(')', _at);
        if (close > 0 && source.AsSpan(close + 1).TrimStart(' ').StartsWith("=>", StringComparison.Ordinal))
        {
            var names = source[(start + 1)..close].Split(',', StringSplitOptions.TrimEntries);
            _at = close + 1;
            Expect("=>");
            return new BicepNode(BicepKind.Local, string.Join(' ', names), [Expression()], line);
        }

        Expect("(");
        var inner = Expression();
        Expect(")");
        return new BicepNode(BicepKind.Other, "()", [inner], line);
    }

    private BicepNode Object()
    {
        var line = Line;
        Expect("{");
        var properties = new List<BicepNode>();
        while (!Takes("}"))
        {
            Skip();
            var at = Line;
            var key = _at < source.Length && source[_at] == '\'' ? Text() : new BicepNode(BicepKind.Text, Word(), [], at);
            Expect(":");
            properties.Add(new BicepNode(BicepKind.Property, key.Text, [Body(), .. key.Children], at));
            EndOfItem("}");
        }

        return new BicepNode(BicepKind.Object, "", properties, line);
    }

    private BicepNode Array()
    {
        var line = Line;
        Expect("[");
        if (!TakesWord("for"))
        {
            return new BicepNode(BicepKind.Array, "", Items("]"), line);
        }

        string locals;
        if (Takes("("))
        {
            locals = Word();
            Expect(",");
            locals += " " + Word();
            Expect(")");
        }
        else
        {
            locals = Word();
        }

        if (!TakesWord("in"))
        {
            throw Fault("'in' is missing");
        }

        var over = Expression();
        Expect(":");
        var body = Body();
        Expect("]");
        return new BicepNode(BicepKind.Local, locals, [over, body], line);
    }

    private List<BicepNode> Items(string end)
    {
        var items = new List<BicepNode>();
        while (!Takes(end))
        {
            items.Add(Expression());
            EndOfItem(end);
        }

        return items;
    }

    /// <summary>A comma, a new line, or the end of the whole: two items beside each other are a mistake.</summary>
    private void EndOfItem(string end)
    {
        var line = Line;
        if (Takes(","))
        {
            return;
        }

        Skip();
        if (Line == line && !source.AsSpan(_at).StartsWith(end, StringComparison.Ordinal))
        {
            throw Fault($"',' or '{end}' is missing");
        }
    }

    private BicepNode Text()
    {
        var line = Line;
        var text = new System.Text.StringBuilder();
        var parts = new List<BicepNode>();
        for (_at++; _at < source.Length && source[_at] != '\'';)
        {
            if (source[_at] == '\n')
            {
                break;
            }

            if (source[_at] == '\\')
            {
                text.Append(source[_at + 1]);
                _at += 2;
            }
            else if (source.AsSpan(_at).StartsWith("${", StringComparison.Ordinal))
            {
                _at += 2;
                parts.Add(Expression());
                Expect("}");
                text.Append("${}");
            }
            else
            {
                text.Append(source[_at++]);
            }
        }

        if (_at >= source.Length || source[_at] != '\'')
        {
            throw Fault("the end of a text is missing");
        }

        _at++;
        return new BicepNode(BicepKind.Text, text.ToString(), parts, line);
    }

    private void Skip()
    {
        while (_at < source.Length)
        {
            if (char.IsWhiteSpace(source[_at]))
            {
                _at++;
            }
            else if (source.AsSpan(_at).StartsWith("//", StringComparison.Ordinal))
            {
                _at = source.IndexOf('\n', _at) is var end and >= 0 ? end : source.Length;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
}
