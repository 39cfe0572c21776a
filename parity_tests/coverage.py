"""What the project teaches, and under which names `scratch` has it.

A row is a concept; its names are torch's, read from `scratch` on (`vision`
stands for torchvision).
"""

COVERAGE = {
    "ranges and shapes": "arange Tensor.reshape Tensor.shape Tensor.size",
    "literal tensors": "zeros ones tensor zeros_like ones_like",
    "sampling": "randn rand normal manual_seed",
    "joining": "cat stack",
    "comparison": "eq gt Tensor.float",
    "reductions": "sum mean max argmax",
    "the bridge to NumPy": "Tensor.numpy from_numpy as_tensor",
    "arithmetic": "add sub mul div pow",
    "products": "dot mv mm matmul bmm",
    "norms": "linalg.norm Tensor.norm",
    "eigenvalues": "linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh",
    "inverse": "linalg.inv linalg.det linalg.solve",
    "definiteness": "linalg.eigvalsh linalg.cholesky",
    "memory": "Tensor.data_ptr Tensor.add_ Tensor.clone",
    "elements": "Tensor.numel Tensor.item",
    "indexing": "Tensor.__getitem__ Tensor.__setitem__",
    "pointwise": "clamp log exp sqrt abs",
    "views": "Tensor.view Tensor.flatten",
    "leaves": "Tensor.requires_grad_ Tensor.is_leaf Tensor.grad_fn",
    "backward": "Tensor.backward Tensor.grad autograd.grad",
    "clearing": "Tensor.zero_ nn.Module.zero_grad optim.Optimizer.zero_grad",
    "detaching": "Tensor.detach Tensor.data",
    "no gradients": "no_grad is_grad_enabled set_grad_enabled",
    "derivatives of functions": "autograd.functional.jacobian "
    "autograd.functional.hessian autograd.functional.hvp func.grad func.jvp",
    "checking by numbers": "autograd.gradcheck autograd.gradgradcheck",
    "steps by hand": "autograd.Function",
    "linear layer": "nn.Linear nn.functional.linear",
    "convolution": "nn.Conv2d nn.functional.conv2d nn.functional.unfold "
    "nn.functional.pad",
    "pooling": "nn.MaxPool2d nn.AvgPool2d nn.AdaptiveAvgPool2d "
    "nn.functional.max_pool2d nn.functional.avg_pool2d",
    "flattening": "nn.Flatten",
    "dropout": "nn.Dropout nn.functional.dropout",
    "batch normalization": "nn.BatchNorm1d nn.BatchNorm2d",
    "activations": "nn.Sigmoid nn.Tanh nn.ReLU nn.LeakyReLU nn.SiLU",
    "softmax": "softmax log_softmax logsumexp nn.functional.one_hot",
    "losses": "nn.CrossEntropyLoss nn.BCELoss nn.BCEWithLogitsLoss nn.MSELoss "
    "nn.functional.cross_entropy nn.functional.nll_loss nn.functional.kl_div",
    "modules": "nn.Module nn.Sequential nn.ModuleDict nn.ModuleList "
    "nn.Parameter",
    "states": "nn.Module.state_dict nn.Module.load_state_dict save load",
    "modes": "nn.Module.train nn.Module.eval nn.Module.to",
    "devices": "device cuda.device_count cuda.is_available",
    "initialisation": "nn.init.normal_ nn.init.constant_ nn.init.zeros_ "
    "nn.init.uniform_ nn.init.xavier_uniform_ nn.init.xavier_normal_ "
    "nn.init.calculate_gain nn.init.kaiming_uniform_ nn.init.kaiming_normal_",
    "data": "utils.data.TensorDataset utils.data.Dataset "
    "utils.data.DataLoader utils.data.Subset utils.data.random_split",
    "made data": "utils.synthetic.linear_data utils.synthetic.polynomial_data",
    "pictures": "vision.datasets.FashionMNIST vision.datasets.CIFAR10",
    "transforms": "vision.transforms.Compose vision.transforms.ToTensor "
    "vision.transforms.Normalize vision.transforms.Resize",
    "augmentation": "vision.transforms.RandomHorizontalFlip "
    "vision.transforms.RandomVerticalFlip "
    "vision.transforms.RandomResizedCrop vision.transforms.ColorJitter",
    "tables": "utils.tables.read_csv utils.tables.Features",
    "scaling": "utils.scaling.Standard utils.scaling.MinMax",
    "whitening": "utils.scaling.Whitening linalg.svd cov",
    "folds": "utils.folds.k_folds",
    "optimizers": "optim.SGD optim.Adagrad optim.RMSprop optim.Adadelta "
    "optim.Adam optim.AdamW",
    "clipping": "nn.utils.clip_grad_norm_ nn.utils.clip_grad_value_",
    "schedules": "optim.lr_scheduler.StepLR optim.lr_scheduler.MultiStepLR "
    "optim.lr_scheduler.LambdaLR optim.lr_scheduler.ExponentialLR "
    "optim.lr_scheduler.CosineAnnealingLR optim.lr_scheduler.LinearLR "
    "optim.lr_scheduler.CosineAnnealingWarmRestarts "
    "optim.lr_scheduler.SequentialLR optim.lr_scheduler.ChainedScheduler "
    "optim.lr_scheduler.CyclicLR optim.lr_scheduler.OneCycleLR",
    "hooks": "Tensor.register_hook nn.Module.register_forward_hook",
    "networks": "networks.lenet networks.alexnet networks.vgg11 networks.nin "
    "networks.googlenet networks.resnet18 networks.cifar_cnn",
    "regions": "vision.ops.box_iou vision.ops.nms vision.ops.roi_pool "
    "vision.ops.roi_align",
    "margins": "nn.MultiMarginLoss nn.HingeEmbeddingLoss nn.SmoothL1Loss",
    "representation": "nn.Embedding",
}
