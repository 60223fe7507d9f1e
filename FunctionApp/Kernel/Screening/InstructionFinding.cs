namespace Advisor.Kernel.Screening;

/// <summary>What a text that instructs a machine reader is after.</summary>
public enum InstructionFamily
{
    /// <summary>To have earlier instructions or the rest of the text ignored.</summary>
    Override,

    /// <summary>To pass for a turn of a conversation, a system message or the end of a document.</summary>
    Role,

    /// <summary>To address whatever software reads it.</summary>
    Address,

    /// <summary>To dictate what the reader says, or how.</summary>
    Output,

    /// <summary>To learn the reader's own instructions.</summary>
    PromptLeak,

    /// <summary>To carry something outside by a link, an image or a script.</summary>
    Exfiltration,

    /// <summary>To settle a decision: confidence, review, approval, checks, recipients.</summary>
    Decision,

    /// <summary>To have a tool called, a parameter set, another tenant's data shown.</summary>
    Tool,

    /// <summary>Letters that no person can see, or that are not what they look like.</summary>
    Concealment,
}

/// <summary>A place in a text that reads as an instruction to a machine reader.</summary>
/// <param name="Start">First character, in the text that was looked at.</param>
/// <param name="Length">Characters, in the text that was looked at.</param>
/// <param name="Excerpt">The words that gave it away and an ellipsis for all others: words of the screen's own grammar, never the document's.</param>
public sealed record InstructionFinding(InstructionFamily Family, int Start, int Length, string Excerpt);
