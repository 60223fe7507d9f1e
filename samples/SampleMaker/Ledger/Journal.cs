namespace Advisor.Samples.Ledger;

internal sealed record Account(int Number, string Name);

/// <param name="Amount">Positive for a debit, negative for a credit.</param>
internal sealed record Posting(Account Account, decimal Amount);

internal sealed record Journal(DateOnly Date, string PostedBy, string Description, IReadOnlyList<Posting> Postings);
