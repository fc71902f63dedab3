namespace Billing.Platform;

/// <summary>
/// The numbers of PostgreSQL's advisory locks, all in one place, because two uses of the same number would block each
/// other. A database belongs to one service and uses at most these.
/// </summary>
public static class AdvisoryLock
{
    /// <summary>Held while the schema is changed.</summary>
    public const int Schema = 4711;

    /// <summary>
    /// Held shared while facts that a draft may rest on are written, exclusively while posting begins.
    /// </summary>
    public const int Posting = 4712;

    /// <summary>Combined with the hash of a run's name; held while a run that does not exist yet is frozen.</summary>
    public const int Run = 4713;

    /// <summary>Held while a read model is rebuilt.</summary>
    public const int Rebuild = 4714;
}
