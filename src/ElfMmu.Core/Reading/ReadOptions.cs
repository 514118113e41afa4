namespace ElfMmu.Reading;

/// <summary>How memory is read.</summary>
public sealed record ReadOptions
{
    /// <summary>What is done about bytes that aren't there.</summary>
    public AbsentMemory Absent { get; init; }

    /// <summary>What stands for bytes that aren't there, where they are filled in.</summary>
    public byte FillByte { get; init; }

    /// <summary>Takes how many bytes of how many are read.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Ends reading.</summary>
    public CancellationToken Cancellation { get; init; }
}
