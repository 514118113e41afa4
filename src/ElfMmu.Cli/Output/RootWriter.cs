using ElfMmu.Discovery;

namespace ElfMmu.Cli.Output;

/// <summary>Writes the roots that were found in dumps.</summary>
internal abstract class RootWriter
{
    /// <summary>Makes the writer for a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="several">Whether roots of several dumps will come.</param>
    public static RootWriter Create(OutputFormat format, Utf8Output output, bool several) => format switch
    {
        OutputFormat.Csv => new CsvRootWriter(output, several),
        OutputFormat.Json => new JsonRootWriter(output, several),
        _ => new TableRootWriter(output),
    };

    /// <summary>Writes the roots of one dump, of which there is at least one.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="roots">The roots, best first.</param>
    public abstract void Write(string path, IReadOnlyList<PageTableRoot> roots);

    /// <summary>Ends the whole output.</summary>
    public virtual void End()
    {
    }
}
