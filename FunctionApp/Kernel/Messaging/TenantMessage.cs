using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Messaging;

/// <summary>Makes bus messages of the product's own form: a JSON body, the tenant as a property.</summary>
public static class TenantMessage
{
    /// <param name="messageId">Deterministic for its effect: a second message with the same id is dropped within the duplicate window.</param>
    public static BusMessage Create<T>(TenantId tenant, string messageId, T body) =>
        new(messageId, JsonSerializer.SerializeToUtf8Bytes(body, AdvisorJson.Options), typeof(T).Name,
            new Dictionary<string, string> { ["tenant"] = tenant.Value });
}
