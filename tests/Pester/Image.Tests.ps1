# Executables in address spaces, and cores of them and of other parts. The sample's first process, of root 0x8f2000, has its program at
# 0x400000 and the vDSO at 0x7ffcb3f28000: its kernel said so when the dump was taken (MAPS in the guest's log).

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $root = 0x8f2000ul
    $program = 0x400000ul
    $vdso = 0x7ffcb3f28000ul
    Push-Location (New-Item -ItemType Directory "$TestDrive/images")
    $user = @(Find-MappedImage $sample -Root $root -Privilege User)
    $readelf = Get-Command readelf -ErrorAction Ignore
}

AfterAll { Pop-Location }

Describe 'Find-MappedImage' {
    It 'finds the program and the vDSO of a process' {
        $user.VirtualAddress | Should -Be $program, $vdso
        $user.State | Should -Be 'Loaded', 'Loaded'
        $user.Type | Should -Be 'EXEC', 'DYN'
        $user.Name | Should -Be $null, 'linux-vdso.so.1'
        $user[0].EntryPoint | Should -BeOfType [ulong]
        $user[0].BuildId | Should -Match '^[0-9a-f]{40}$'
    }

    It 'leaves mere headers out unless it is asked for all' {
        $some = Find-MappedImage $sample -Root $root
        $all = Find-MappedImage $sample -Root $root -All
        $some.State | Should -Not -Contain 'HeaderOnly'
        $all.Count | Should -BeGreaterThan $some.Count
        ($all | Where-Object State -EQ HeaderOnly).BuildId | Should -Contain $user[0].BuildId
    }

    It 'takes roots from the pipeline' {
        $found = Find-PageTableRoot $sample | Find-MappedImage -Privilege User
        $found.Root | Sort-Object -Unique | Should -Be $root
        $found.VirtualAddress | Should -Be $program, $vdso
    }

    It 'searches every space with -AllRoots' {
        (Find-MappedImage $sample -AllRoots -Privilege User).VirtualAddress | Should -Be $program, $vdso
    }

    It 'takes files, dumps by literal path, and objects of a space' {
        (Get-Item $sample | Find-MappedImage -Root $root -Privilege User).VirtualAddress | Should -Be $program, $vdso
        (Find-MappedImage -LiteralPath $sample -Root $root -Privilege User).VirtualAddress | Should -Be $program, $vdso
        (Get-PageTableMapping $sample -Root $root -MaximumCount 1).Space | ForEach-Object { Find-MappedImage -Space $_ -Privilege User } |
            ForEach-Object VirtualAddress | Should -Be $program, $vdso
        ($user[0] | Find-MappedImage -Privilege User).VirtualAddress | Should -Be $program
    }

    It 'limits kinds and addresses' {
        Find-MappedImage $sample -Root $root -Kind Pe -All | Should -BeNullOrEmpty
        (Find-MappedImage $sample -Root $root -Kind Elf -MaximumAddress 0x400000).VirtualAddress | Should -Be $program
        (Find-MappedImage $sample -Root $root -MinimumAddress 0x400001 -Privilege User).VirtualAddress | Should -Be $vdso
    }

    It 'shows a table, a list, and segments' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $table = $user | Out-String -Width 120
            $table | Should -Match '(?m)^0x0000000000400000 +0xd7000 +[\d.]+% Elf +EM_X86_64 +EXEC Loaded +[0-9a-f]{40}\s*$'
            $table | Should -Match '(?m)^0x00007ffcb3f28000 +0x1000 +100% .* linux-vdso\.so\.1\s*$'
            $user[0] | Format-List | Out-String -Width 120 | Should -Match 'EntryPoint +: 0x[0-9a-f]+'
            $user[0].Segments | Out-String -Width 120 | Should -Match '(?m)^PT_LOAD +0x0000000000401000 .* r-x '
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
    }

    It 'writes an error for each dump and goes on' {
        $errors = Get-ErrorOf { $script:found = Find-MappedImage "$TestDrive/absent.elf", $sample -Root $root -Privilege User }
        $errors.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        $found.VirtualAddress | Should -Be $program, $vdso
    }
}

Describe 'Export-ElfCore -Image' {
    It 'writes a core for each image' {
        $user | Export-ElfCore -Path { '{0:x}.core' -f $_.VirtualAddress } -WarningAction Ignore
        $loads = Read-ElfLoad "$PWD/400000.core"
        $loads[0].Start | Should -Be $program
        ($loads[-1].Start + $loads[-1].Size) | Should -BeLessOrEqual $user[0].EndAddress
        Read-ElfLoad "$PWD/7ffcb3f28000.core" | ForEach-Object { $_.Start, $_.Size } | Should -Be $vdso, 0x1000
    }

    It 'has the bytes of the space' {
        $user[1] | Export-ElfCore vdso.core
        Export-ElfCore whole.core -Dump $sample -Root $root -Privilege User
        $part = Read-CorePiece "$PWD/vdso.core" (Read-ElfLoad "$PWD/vdso.core") $vdso 0x1000
        $whole = Read-CorePiece "$PWD/whole.core" (Read-ElfLoad "$PWD/whole.core") $vdso 0x1000
        $part.Bytes | Should -HaveCount 0x1000
        [Convert]::ToHexString($part.Bytes) | Should -BeExactly ([Convert]::ToHexString($whole.Bytes))
        if ($readelf) {
            [IO.File]::WriteAllBytes("$PWD/vdso.so", $part.Bytes)
            $said = readelf -hnd vdso.so 2>$null | Out-String
            $said | Should -Match "Build ID: $($user[1].BuildId)"
            $said | Should -Match 'soname: \[linux-vdso\.so\.1\]'
        }
    }

    It 'puts several images into one core, and says what isn''t there' {
        Export-ElfCore both.core -Image $user -WarningVariable warnings -WarningAction SilentlyContinue
        $starts = (Read-ElfLoad "$PWD/both.core").Start
        $starts | Should -Contain $program
        $starts | Should -Contain $vdso
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match 'bytes asked for aren''t in the core'
    }

    It 'doesn''t mix spaces' {
        $other = Find-MappedImage $sample | Select-Object -First 1
        { $user[0], $other | Export-ElfCore mixed.core } | Should -Throw -ErrorId "MixedSpaces,$commands.ExportElfCoreCommand"
        'mixed.core' | Should -Not -Exist
    }

    It 'says that nothing came' {
        (Get-ErrorOf { $user | Where-Object Name -EQ 'nothing' | Export-ElfCore none.core }).FullyQualifiedErrorId |
            Should -Be "NothingToExport,$commands.ExportElfCoreCommand"
    }
}

Describe 'Export-ElfCore -Range' {
    BeforeAll {
        $start = 0x100000000000ul
        function Get-Range([scriptblock]$Export) {
            Remove-Item range.core -ErrorAction Ignore
            & $Export
            $loads = Read-ElfLoad "$PWD/range.core"
            '{0:x}-{1:x}' -f $loads[0].Start, ($loads[-1].Start + $loads[-1].Size)
        }
    }

    It 'takes text, numbers and objects' {
        Get-Range { Export-ElfCore range.core -Dump $sample -Range 0x100000000000-0x100000003000 } | Should -Be '100000000000-100000003000'
        Get-Range { Export-ElfCore range.core -Dump $sample -Range '0x100000001000+0x2000' } | Should -Be '100000001000-100000003000'
        Get-Range { Export-ElfCore range.core -Dump $sample -Range 0x100000000800, 0x100000001800 } | Should -Be '100000000800-100000001800'
        Get-Range { Export-ElfCore range.core -Dump $sample -Range ([pscustomobject]@{ Start = $start; Size = 0x1000 }) } |
            Should -Be '100000000000-100000001000'
        $object = [pscustomobject]@{ VirtualAddress = $start; EndAddress = $start + 0x2000 }
        Get-Range { Export-ElfCore range.core -Dump $sample -Range $object } | Should -Be '100000000000-100000002000'
        Get-Range { Export-ElfCore range.core -Dump $sample -Range $object, '0x100000004000+0x1000' } | Should -Be '100000000000-100000005000'
        $mappings = Get-PageTableMapping $sample -MinimumAddress $start -MaximumCount 2
        Get-Range { Export-ElfCore range.core -Dump $sample -Range $mappings } |
            Should -Be ('{0:x}-{1:x}' -f $mappings[0].VirtualAddress, $mappings[1].EndAddress)
    }

    It 'takes addresses of the upper half' {
        $kernel = Get-PageTableMapping $sample -MinimumAddress 0xffff800000000000ul -MaximumCount 1
        Export-ElfCore range.core -Dump $sample -Range $kernel.VirtualAddress, ($kernel.VirtualAddress + 0x1000)
        (Read-ElfLoad "$PWD/range.core").Start | Should -Be $kernel.VirtualAddress
    }

    It 'refuses what is no range' {
        foreach ($range in 'x', '0x2000-0x1000', 5, '0x1000', @(0x2000, 0x1000)) {
            { Export-ElfCore range.core -Dump $sample -Range $range } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }
    }

    It 'says that nothing is mapped there, and leaves what was' {
        Set-Content kept.core 'kept'
        (Get-ErrorOf { Export-ElfCore kept.core -Dump $sample -Range 0x300000000000+0x1000 }).FullyQualifiedErrorId |
            Should -Be "NothingToExport,$commands.ExportElfCoreCommand"
        (Get-ErrorOf { Export-ElfCore kept.core -Dump $sample -Range 0x100000000000+0x1000 -MaximumAddress 0x1000 }).FullyQualifiedErrorId |
            Should -Be "NothingToExport,$commands.ExportElfCoreCommand"
        Get-Content kept.core | Should -Be 'kept'
    }

    It 'warns of what isn''t mapped' {
        Export-ElfCore range.core -Dump $sample -Range 0x0ffffffff000-0x100000001000, 0x100000000000+0x1000 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'bytes asked for aren''t in the core, the first at 0xffffffff000'
    }
}
