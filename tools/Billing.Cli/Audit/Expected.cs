namespace Billing.Tools;

/// <summary>The results that a correct system has for the generated files; written to expected.json.</summary>
internal sealed class Expected
{
    public required int Seed { get; init; }

    /// <summary>Accounts that can be opened.</summary>
    public int Accounts { get; set; }

    /// <summary>Accounts with electricity: the cohort of the electricity run.</summary>
    public int ElectricityAccounts { get; set; }

    /// <summary>Accounts with heat: the cohort of the heat run.</summary>
    public int HeatAccounts { get; set; }

    /// <summary>Flats with a meter without consumption in October: nothing to pay.</summary>
    public int Vacant { get; set; }

    /// <summary>Meters exchanged in October.</summary>
    public int Exchanged { get; set; }

    /// <summary>Registers that rolled over in October.</summary>
    public int RolledOver { get; set; }

    /// <summary>Accounts without a reading at the end of October.</summary>
    public int Missing { get; set; }

    /// <summary>Accounts whose register decreases without a roll-over at the end of October.</summary>
    public int Implausible { get; set; }

    /// <summary>The files, in the order of import.</summary>
    public List<ExpectedFile> Files { get; init; } = [];
}

/// <summary>One file: the number of lines below its header, and those that are wrong on purpose.</summary>
internal sealed record ExpectedFile(string Name)
{
    public int Lines { get; set; }

    public List<ExpectedRefusal> Refused { get; init; } = [];
}

/// <summary>A line that is wrong on purpose.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Why">The mistake.</param>
internal sealed record ExpectedRefusal(int Line, string Why);
