using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Output;

/// <summary>Writes mappings as they are found; nothing is kept but the buffer of the output.</summary>
internal abstract class MappingWriter
{
    /// <summary>More than any row takes, apart from the dump's path.</summary>
    protected const int RowSize = 256;

    /// <summary>Makes the writer for a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="several">Whether mappings of several dumps will come.</param>
    public static MappingWriter Create(OutputFormat format, Utf8Output output, bool several) => format switch
    {
        OutputFormat.Csv => new CsvMappingWriter(output, several),
        OutputFormat.Json => new JsonMappingWriter(output, several),
        _ => new TableMappingWriter(output),
    };

    /// <summary>Begins the mappings of one space.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="space">The space.</param>
    public abstract void Begin(string path, AddressSpace space);

    /// <summary>Writes one mapping of the space begun last.</summary>
    public abstract void Write(in Mapping mapping);

    /// <summary>Ends the whole output.</summary>
    public virtual void End()
    {
    }
}
