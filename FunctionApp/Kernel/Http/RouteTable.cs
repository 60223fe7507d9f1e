using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace Advisor.Kernel.Http;

/// <summary>The routes of the product's HTTP functions, the methods each answers, and whether its requests are audited.</summary>
/// <remarks>Of its own, because the web server's routing has not run yet where requests are audited, and runs elsewhere on Azure.</remarks>
public sealed class RouteTable
{
    /// <summary>The route of requests that only the catch-all answers.</summary>
    public const string Unmatched = "unmatched";

    /// <summary>The most literal first.</summary>
    private readonly IReadOnlyList<Route> _routes;

    public RouteTable(Assembly functions) => _routes =
    [
        .. from function in ProductFunction.In(functions)
           where function is { Http.Route: not null, IsCatchAll: false }
           let http = function.Http!
           let template = TemplateParser.Parse(http.Route!)
           let precedence = RoutePrecedence.ComputeInbound(template)
           orderby precedence
           select new Route(http.Route!, precedence, new TemplateMatcher(template, []), http.Methods ?? [], !function.Has<Audit.NotAuditedAttribute>()),
    ];

    /// <summary>The methods that the most literal route of a path answers; none when no route has that path.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path) => [.. MostLiteral(path).SelectMany(route => route.Methods).Distinct()];

    /// <summary>The route template that a request is answered by, and whether it is audited.</summary>
    public (string Template, bool Audited) Of(string method, PathString path) =>
        MostLiteral(path).FirstOrDefault(route => route.Methods.Contains(method, StringComparer.OrdinalIgnoreCase)) is { } found
            ? (found.Template, found.Audited)
            : (Unmatched, true);

    private IEnumerable<Route> MostLiteral(PathString path)
    {
        Route? first = null;
        foreach (var route in _routes)
        {
            if (first is not null && route.Precedence != first.Precedence)
            {
                yield break;
            }

            if (route.Matcher.TryMatch(path, []))
            {
                first ??= route;
                yield return route;
            }
        }
    }

    private sealed record Route(string Template, decimal Precedence, TemplateMatcher Matcher, string[] Methods, bool Audited);
}
