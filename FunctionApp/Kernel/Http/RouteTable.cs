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
    public IReadOnlyList<string> MethodsOf(PathString path)
    {
        var matches = _routes.Where(route => route.Matcher.TryMatch(path, [])).ToList();
        return [.. matches.TakeWhile(route => route.Precedence == matches[0].Precedence).SelectMany(route => route.Methods).Distinct()];
    }

    /// <summary>The route template that a request goes to, the most literal where several fit, and whether it is audited.</summary>
    public (string Template, bool Audited) Of(string method, PathString path) =>
        _routes.FirstOrDefault(route => route.Methods.Contains(method, StringComparer.OrdinalIgnoreCase) && route.Matcher.TryMatch(path, [])) is { } found
            ? (found.Template, found.Audited)
            : (Unmatched, true);

    private sealed record Route(string Template, decimal Precedence, TemplateMatcher Matcher, string[] Methods, bool Audited);
}
