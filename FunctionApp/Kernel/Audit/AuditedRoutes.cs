using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Audit;

/// <summary>Requests for the HTTP function are not audited: probes that come every few seconds, for ever, from nobody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotAuditedAttribute : Attribute;

/// <summary>Names requests by the route of the function that answers them.</summary>
/// <remarks>Of its own, because the web server's routing has not run yet where requests are audited, and runs elsewhere on Azure.</remarks>
public sealed class AuditedRoutes
{
    /// <summary>The route of requests that only the catch-all answers.</summary>
    public const string Unmatched = "unmatched";

    private readonly IReadOnlyList<(string Template, TemplateMatcher Matcher, string[] Methods, bool Audited)> _routes;

    public AuditedRoutes(Assembly functions) => _routes =
    [
        .. from type in functions.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger?.Route is not null && !trigger.Route.Contains('*')
           let template = TemplateParser.Parse(trigger.Route!)
           orderby RoutePrecedence.ComputeInbound(template)
           select (trigger.Route!, new TemplateMatcher(template, []), trigger.Methods ?? [], !method.IsDefined(typeof(NotAuditedAttribute))),
    ];

    /// <summary>The route template that a request goes to, the most literal where several fit, and whether it is audited.</summary>
    public (string Template, bool Audited) Of(string method, PathString path)
    {
        foreach (var route in _routes)
        {
            if ((route.Methods.Length == 0 || route.Methods.Contains(method, StringComparer.OrdinalIgnoreCase)) && route.Matcher.TryMatch(path, []))
            {
                return (route.Template, route.Audited);
            }
        }

        return (Unmatched, true);
    }
}
