using ElfMmu.Paging;

namespace ElfMmu.Cli.Output;

/// <summary>Takes a walk's mappings to a writer, up to a count.</summary>
internal struct MappingWriterSink(MappingWriter writer, ulong maximumCount) : IMappingSink
{
    /// <summary>How many mappings were written.</summary>
    public ulong Count { get; private set; }

    /// <inheritdoc/>
    public bool Add(in Mapping mapping)
    {
        writer.Write(mapping);
        return ++Count < maximumCount;
    }
}
