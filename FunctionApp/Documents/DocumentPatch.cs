using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Advisor.Documents;

/// <summary>A change that somebody asks for, as a JSON merge patch (RFC 7396): what is absent stays, null takes away.</summary>
/// <param name="ChangesCompany">Whether <paramref name="Company"/> says anything.</param>
/// <param name="Company">Null goes back to what the document prints.</param>
/// <param name="LegalHold">Null leaves it as it is.</param>
/// <param name="Reason">Of the legal hold; null leaves it as it is.</param>
internal sealed record DocumentPatch(bool ChangesCompany, string? Company, bool? LegalHold, string? Reason)
{
    public const string Form = "{\"company\": \"...\", \"legal_hold\": true, \"legal_hold_reason\": \"...\"}";

    private const int MaxReason = 500;

    /// <returns>The change, or what is wrong with it: 400 by member, 403 for a member that is an administrator's.</returns>
    public static (DocumentPatch? Patch, Problem? Problem) Of(IReadOnlyDictionary<string, JsonElement> body, Caller caller)
    {
        var patch = new DocumentPatch(ChangesCompany: false, null, null, null);
        foreach (var (name, value) in body)
        {
            var (read, problem) = (name, value.ValueKind) switch
            {
                ("company", JsonValueKind.Null) => (patch with { ChangesCompany = true, Company = null }, null),
                ("company", JsonValueKind.String) => (patch with { ChangesCompany = true, Company = value.GetString()!.Trim() }, IngestRequest.InvalidCompany(value.GetString()!.Trim())),
                ("legal_hold", JsonValueKind.True or JsonValueKind.False) => (patch with { LegalHold = value.GetBoolean() }, null),
                ("legal_hold_reason", JsonValueKind.String) => (patch with { Reason = value.GetString()!.Trim() }, InvalidReason(value.GetString()!.Trim())),
                ("company" or "legal_hold" or "legal_hold_reason", _) => (patch, Problem.Invalid(name, $"'{name}' has a value of the wrong kind; the body is JSON of the form {Form}.")),
                _ => (patch, Problem.Invalid(name, $"'{name}' cannot be changed; what can is company, legal_hold and legal_hold_reason.")),
            };
            if (problem is not null)
            {
                return (null, problem);
            }

            patch = read;
        }

        return (patch.LegalHold is not null || patch.Reason is not null) && !caller.Has(Role.Admin)
            ? (null, new Problem(StatusCodes.Status403Forbidden, "forbidden", "Your roles do not allow this", "A legal hold is set and lifted by the role admin. Ask an administrator of your tenant."))
            : (patch, null);
    }

    /// <returns>The document as changed, or why the change makes no sense there.</returns>
    public (DocumentRecord? Changed, Problem? Problem) ApplyTo(DocumentRecord document, TenantId tenant)
    {
        var hold = LegalHold ?? document.LegalHold;
        var reason = hold ? Reason ?? document.LegalHoldReason : null;
        if (hold && reason is null)
        {
            return (null, Problem.Invalid("legal_hold_reason", "A legal hold needs a 'legal_hold_reason': the matter it is for."));
        }

        if (!hold && Reason is not null)
        {
            return (null, Problem.Invalid("legal_hold_reason", "There is no legal hold for this reason to belong to; send 'legal_hold': true with it."));
        }

        var changed = document with { LegalHold = hold, LegalHoldReason = reason };
        if (ChangesCompany)
        {
            changed = changed.Of(tenant, Company);
            changed = changed.CompanyId == document.CompanyId ? changed : changed with { FormerCompanyId = document.CompanyId };
        }

        return (changed, null);
    }

    private static Problem? InvalidReason(string reason) => reason.Length is > 0 and <= MaxReason
        ? null
        : Problem.Invalid("legal_hold_reason", $"'legal_hold_reason' is a text of 1 to {MaxReason} characters.");
}
