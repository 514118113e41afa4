namespace ElfMmu.Cli.Output;

/// <summary>The results can't be written any more: whoever read them is gone, or the disk is full.</summary>
internal sealed class OutputException(string message, bool isClosed, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the reader closed its end, which is its right.</summary>
    public bool IsClosed { get; } = isClosed;
}
