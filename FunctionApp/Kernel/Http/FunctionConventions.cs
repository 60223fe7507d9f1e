using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Http;

/// <summary>A POST to the HTTP function must carry an <c>Idempotency-Key</c>; without the attribute it may.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresIdempotencyKeyAttribute : Attribute;

/// <summary>Calls of the HTTP function do not count against the caller's rate: streams, health, the web application's own files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotRateLimitedAttribute : Attribute;

/// <summary>The media types in which the HTTP function reads a body; without it, <c>application/json</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsAttribute(params string[] mediaTypes) : Attribute
{
    public IReadOnlyList<string> MediaTypes { get; } = mediaTypes;
}

/// <summary>The media types in which the HTTP function can answer, <c>*/*</c> for any; without it, <c>application/json</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnswersInAttribute(params string[] mediaTypes) : Attribute
{
    public IReadOnlyList<string> MediaTypes { get; } = mediaTypes;
}

/// <summary>The query parameters that the HTTP function reads: a request with any other is refused. Without the attribute the query is not looked at.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryParametersAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>What the attributes on a function's method say of its HTTP exchange.</summary>
/// <param name="Reads">Media types of bodies.</param>
/// <param name="AnswersIn">Media types of answers.</param>
/// <param name="QueryParameters">Null where any are let through.</param>
internal sealed record FunctionConventions(
    bool RequiresIdempotencyKey, bool RateLimited, IReadOnlyList<string> Reads, IReadOnlyList<string> AnswersIn, IReadOnlyList<string>? QueryParameters)
{
    private static readonly string[] s_json = ["application/json"];

    private static readonly ConcurrentDictionary<string, FunctionConventions> s_known = new(StringComparer.Ordinal);

    public static FunctionConventions Of(FunctionDefinition function) => s_known.GetOrAdd(function.EntryPoint, static entryPoint =>
    {
        var found = Find(entryPoint);
        return new FunctionConventions(
            found?.Has<RequiresIdempotencyKeyAttribute>() == true,
            found?.Has<NotRateLimitedAttribute>() != true,
            found?.Attribute<ReadsAttribute>()?.MediaTypes ?? s_json,
            found?.Attribute<AnswersInAttribute>()?.MediaTypes ?? s_json,
            found?.Attribute<QueryParametersAttribute>()?.Names);
    });

    /// <summary>Found by the entry point's name, which is all that the worker knows of a function.</summary>
    private static ProductFunction? Find(string entryPoint)
    {
        var dot = entryPoint.LastIndexOf('.');
        return dot < 0 ? null : ProductFunction
            .In(AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(entryPoint[..dot])).OfType<Type>())
            .FirstOrDefault(function => function.EntryPoint == entryPoint);
    }
}
