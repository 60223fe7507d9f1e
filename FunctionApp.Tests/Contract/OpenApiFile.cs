using System.Text.Json;
using System.Text.RegularExpressions;

namespace Advisor.Tests.Contract;

/// <summary>An operation of the description.</summary>
/// <param name="Id">The function's name.</param>
/// <param name="Method">Lower case.</param>
/// <param name="Path">The template, with a leading slash.</param>
internal sealed record DescribedOperation(string Id, string Method, string Path, JsonElement Json)
{
    /// <summary>Roles any of which suffices; empty where every signed-in caller may.</summary>
    public IReadOnlyList<string> Roles =>
        Json.TryGetProperty("x-roles", out var roles) ? [.. roles.EnumerateArray().Select(role => role.GetString()!)] : [];

    /// <summary>The path with the same text for each variable of the template.</summary>
    public string PathWith(string value) => OpenApiFile.Variable().Replace(Path, value);

    public bool IsAnonymous => Json.TryGetProperty("security", out var security) && security.GetArrayLength() == 0;
}

/// <summary><c>docs/openapi.yaml</c>, read.</summary>
internal sealed partial class OpenApiFile
{
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private OpenApiFile(JsonElement root)
    {
        Root = root;
        Operations =
        [
            .. from path in root.GetProperty("paths").EnumerateObject()
               from method in path.Value.EnumerateObject()
               where s_methods.Contains(method.Name)
               select new DescribedOperation(method.Value.GetProperty("operationId").GetString()!, method.Name, path.Name, method.Value),
        ];
    }

    public static OpenApiFile Current { get; } = Parse(File.ReadAllText(Path.Combine(Evals.RepositoryRoot, "docs", "openapi.yaml")));

    public JsonElement Root { get; }

    public IReadOnlyList<DescribedOperation> Operations { get; }

    public static OpenApiFile Parse(string yaml) => new(YamlJson.Parse(yaml));

    public DescribedOperation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>The element itself, or what its <c>$ref</c> names.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = At(reference.GetString()!);
        }

        return element;
    }

    /// <summary>What a reference such as <c>#/components/schemas/Link</c> names.</summary>
    public JsonElement At(string reference)
    {
        var at = Root;
        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at.TryGetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out var next)
                ? next
                : throw new KeyNotFoundException($"{reference} names nothing.");
        }

        return at;
    }

    /// <summary>The parameters of an operation, resolved.</summary>
    public IEnumerable<JsonElement> Parameters(DescribedOperation operation) =>
        operation.Json.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve) : [];

    /// <summary>The answers of an operation by status, resolved.</summary>
    public IReadOnlyDictionary<int, JsonElement> Responses(DescribedOperation operation) => operation.Json.GetProperty("responses").EnumerateObject()
        .ToDictionary(response => int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture), response => Resolve(response.Value));

    /// <summary>What is wrong with a link: null when it leads to a GET of the description, or to the POST of an act, and its query is described there.</summary>
    public string? FaultOfLink(string href)
    {
        var parts = href.Split('?');
        if (Operations.Where(operation => operation.Method is "get" or "post" && Leads(operation.Path, parts[0])).OrderBy(operation => operation.Method, StringComparer.Ordinal).FirstOrDefault() is not { } target)
        {
            return $"{href} leads to no GET and no POST of the description";
        }

        var known = Parameters(target).Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()).ToList();
        var unknown = parts.ElementAtOrDefault(1)?.Split('&').Select(pair => pair.Split('=')[0]).FirstOrDefault(name => !known.Contains(name));
        return unknown is null ? null : $"{href} has the parameter '{unknown}', which {target.Id} does not describe";
    }

    private static bool Leads(string template, string path) =>
        Regex.IsMatch(path, $"^{Variable().Replace(template, "[^/]+")}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Variable();
}
