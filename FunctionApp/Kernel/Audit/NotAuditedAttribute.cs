namespace Advisor.Kernel.Audit;

/// <summary>Requests for the HTTP function are not audited: probes that come every few seconds, for ever, from nobody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotAuditedAttribute : Attribute;
