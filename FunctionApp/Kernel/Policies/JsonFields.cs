using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Advisor.Kernel.Policies;

/// <summary>What is wrong with a body, by the path of the member; one message for each.</summary>
internal sealed class FieldFaults
{
    /// <summary>An answer names no more: whoever sends so many has sent something else.</summary>
    private const int Most = 50;

    private readonly Dictionary<string, string[]> _messages = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Messages => _messages;

    /// <summary>The first message of a member stays.</summary>
    public void Add(string path, string message)
    {
        if (_messages.Count < Most)
        {
            _messages.TryAdd(path, [message]);
        }
    }
}

/// <summary>Reads the members of one JSON object, and notes all that is wrong with them: what is unknown, there twice, missing, of the wrong kind, out of its range.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly FieldFaults _faults;

    private JsonFields(JsonElement element, string path, FieldFaults faults)
    {
        (_path, _faults) = (path, faults);
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                _faults.Add(PathOf(member.Name), $"'{PathOf(member.Name)}' is there twice.");
            }
        }
    }

    public FieldFaults Faults => _faults;

    public IEnumerable<string> Names => _members.Keys;

    /// <summary>The members of an object; null, and a fault, where the value is none.</summary>
    /// <param name="form">What is expected, as JSON.</param>
    public static JsonFields? Of(JsonElement element, string path, string form, FieldFaults faults)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new JsonFields(element, path, faults);
        }

        faults.Add(path.Length == 0 ? "body" : path, $"{(path.Length == 0 ? "The body" : $"'{path}'")} is a JSON object of the form {form}.");
        return null;
    }

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    /// <summary>Notes every member that is none of these.</summary>
    public void RefuseOthers(params ReadOnlySpan<string> known)
    {
        foreach (var name in _members.Keys)
        {
            if (!known.Contains(name))
            {
                _faults.Add(PathOf(name), $"'{PathOf(name)}' is no member here; there are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The member's value, where it is there and not null.</summary>
    public bool TryGet(string name, out JsonElement value) => _members.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The member's value; notes that it is missing.</summary>
    public bool Require(string name, out JsonElement value)
    {
        if (TryGet(name, out value))
        {
            return true;
        }

        Fault(name, $"'{PathOf(name)}' is missing: send the whole policy.");
        return false;
    }

    /// <summary>The object that a member is.</summary>
    public JsonFields? Object(string name, string form) => Require(name, out var value) ? Of(value, PathOf(name), form, _faults) : null;

    /// <summary>A number within bounds, both inclusive.</summary>
    public decimal? Number(string name, decimal least, decimal most) =>
        Require(name, out var value) && Between(name, value, least, most, out var number) ? number : null;

    /// <summary>A number within bounds, or none.</summary>
    public decimal? NumberIfAny(string name, decimal least, decimal most) =>
        TryGet(name, out var value) && Between(name, value, least, most, out var number) ? number : null;

    /// <summary>A text that is one of some, as their enumeration names them in lower case.</summary>
    public T? OneOf<T>(string name, IReadOnlyList<T> known)
        where T : struct, Enum => Require(name, out var value) ? OneOf(name, value, known) : null;

    /// <inheritdoc cref="OneOf{T}(string, IReadOnlyList{T})"/>
    public T? OneOf<T>(string name, JsonElement value, IReadOnlyList<T> known)
        where T : struct, Enum
    {
        foreach (var one in known)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(one.ToString().ToLowerInvariant()))
            {
                return one;
            }
        }

        Fault(name, $"'{PathOf(name)}' is one of {string.Join(", ", known).ToLowerInvariant()}.");
        return null;
    }

    /// <summary>The items of an array of some length.</summary>
    public IReadOnlyList<JsonElement>? Items(string name, int most, string what)
    {
        if (!Require(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is var length && length >= 1 && length <= most)
        {
            return [.. value.EnumerateArray()];
        }

        Fault(name, $"'{PathOf(name)}' is a list of 1 to {most} {what}.");
        return null;
    }

    /// <summary>A text, without the blanks around it.</summary>
    public string? Text(string name, int most)
    {
        if (!Require(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text && text.Length <= most)
        {
            return text;
        }

        Fault(name, $"'{PathOf(name)}' is a text of 1 to {most} characters.");
        return null;
    }

    public void Fault(string name, string message) => _faults.Add(PathOf(name), message);

    private bool Between(string name, JsonElement value, decimal least, decimal most, [NotNullWhen(true)] out decimal? number)
    {
        number = value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var read) && read >= least && read <= most ? read : null;
        if (number is null)
        {
            Fault(name, $"'{PathOf(name)}' is a number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}.");
        }

        return number is not null;
    }
}
