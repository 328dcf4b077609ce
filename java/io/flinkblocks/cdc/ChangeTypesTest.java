package io.flinkblocks.cdc;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeInformationTestBase;

class ChangeTypesTest extends TypeInformationTestBase<TypeInformation<?>> {
  @Override
  protected TypeInformation<?>[] getTestData() {
    return new TypeInformation<?>[] {Row.TYPE, Change.TYPE, ChangeRecord.TYPE};
  }
}
